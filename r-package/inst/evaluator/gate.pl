#!/usr/bin/env perl
# The gate of the remote evaluator: listens on 127.0.0.1, lets in who knows the network's secret, and hands their
# frames to the one R session behind it. See docs/evaluator-protocol.md.
#
# Why it exists: base R's serverSocket() listens on every interface and cannot be told otherwise, and an R that
# evaluates answers nobody. The gate binds loopback alone, answers pings and passes interrupts at any time, and
# starts a fresh session when one ends. It never looks into a serialized object. Core modules of Perl alone.
#
#   perl gate.pl start [LAUNCHER ...]   LAUNCHER is put before the session's command (mpirun and its options)
#   perl gate.pl status
#   perl gate.pl stop
use strict;
use warnings;
use Errno qw(EAGAIN EINTR EWOULDBLOCK);
use Fcntl qw(:DEFAULT :flock);
use POSIX ();
use Socket qw(AF_INET INADDR_LOOPBACK IPPROTO_TCP SOCK_STREAM SOL_SOCKET SO_KEEPALIVE SOMAXCONN TCP_NODELAY
  inet_ntoa pack_sockaddr_in unpack_sockaddr_in);

use constant {
  PROTOCOL => 1, HEADER => 16, PIECE => 256 * 1024, HIGH_WATER => 4 * 1024 * 1024, MAX_LENGTH => 2**40,
  MAX_CONTROL => 4096, MAX_CONNECTIONS => 64, AUTH_SECONDS => 10, START_SECONDS => 60, MORE => 1, ABORT => 2,
  EVAL => 1, EVAL_TEXT => 2, ASSIGN => 3, INTERRUPT => 4, PING => 5, HELLO => 6,
  READY => 16, OUTPUT => 17, DIAGNOSTICS => 18, CONDITION => 19, PLOT => 20, VALUE => 21, TEXT => 22, ERROR => 23,
  ACK => 24, PONG => 25, ATTACH => 32, HOLD => 33, GO => 34,
};
my %REQUEST = map { $_ => 1 } EVAL, EVAL_TEXT, ASSIGN;
my %CONTROL = map { $_ => 1 } INTERRUPT, PING, HELLO;
my %REPORT = map { $_ => 1 } CONDITION, PLOT, VALUE, TEXT, ERROR, ACK;
my %FINAL = map { $_ => 1 } VALUE, TEXT, ERROR, ACK;

my $dir = "$ENV{HOME}/.rmada";
my %file = (
  lock => "$dir/evaluator.lock", state => "$dir/evaluator.json", log => "$dir/evaluator.log",
  secret => "$dir/secret", server => "$dir/server.R", out => "$dir/session.out", err => "$dir/session.err",
);
my ($action, @launcher) = @ARGV;
my %actions = (start => \&start, status => \&status, stop => \&stop);
die "usage: gate.pl start|status|stop\n" unless defined $action && $actions{$action};
die "There is no folder $dir: the network manager has to configure this node first.\n" unless -d $dir;
exit $actions{$action}->();

# --- start, status, stop: who holds the lock file is the gate -------------------------------------------------

sub take_lock {
  sysopen(my $lock, $file{lock}, O_RDWR | O_CREAT, 0600) or die "Cannot open $file{lock}: $!\n";
  return flock($lock, LOCK_EX | LOCK_NB) ? $lock : undef;
}

sub slurp { my ($path) = @_; open(my $in, '<', $path) or return ''; local $/; my $text = <$in>; return $text // '' }

# The state file is written when the session answers and removed when the gate ends.
sub state_line { my $text = slurp($file{state}); return $text =~ /^(\{"port":\d+,"pid":\d+\})$/ ? $1 : undef }

sub status {
  my $line = take_lock() ? undef : state_line();
  print defined $line ? "$line\n" : qq({"running":false}\n);
  return defined $line ? 0 : 3;
}

sub stop {
  my ($pid) = slurp("$file{lock}") =~ /^(\d+)$/;
  for my $try (0 .. 150) {
    if (take_lock()) { print qq({"running":false}\n); return 0 }
    # The lock is held, so the number in it is the gate's and not some later process's.
    kill($try < 100 ? 'TERM' : 'KILL', $pid) if defined $pid && $try % 100 == 0;
    select(undef, undef, undef, 0.1);
  }
  die "The evaluator (process $pid) does not end.\n";
}

sub start {
  my $started = 0;
  for (1 .. START_SECONDS * 20) {
    my $lock = take_lock();
    if ($lock) {
      last if $started;
      launch_gate($lock);
      $started = 1;
    }
    my $line = $lock ? undef : state_line();
    if (defined $line) { print "$line\n"; return 0 }
    select(undef, undef, undef, 0.05);
  }
  my @last = split /\n/, slurp($file{log});
  splice(@last, 0, @last - 20) if @last > 20;
  die join("\n", 'The evaluator did not start. The end of its log:', @last) . "\n";
}

sub launch_gate {
  my ($lock) = @_;
  my $secret = read_secret();
  die "There is no $file{server}.\n" unless -f $file{server};
  unlink $file{state};
  rename $file{log}, "$file{log}.old" if (-s $file{log} // 0) > 10_000_000;
  defined(my $pid = fork()) or die "Cannot fork: $!\n";
  return if $pid;
  become_daemon();
  truncate($lock, 0);
  syswrite($lock, "$$\n");
  serve($secret);
  POSIX::_exit(0);
}

sub read_secret {
  my $mode = (stat $file{secret})[2];
  die "There is no secret in $file{secret}.\n" unless defined $mode;
  die "Others can read $file{secret}; it has to have mode 0600.\n" if $mode & 077;
  my ($secret) = slurp($file{secret}) =~ /^([0-9a-f]{64})\s*$/;
  return $secret // die "$file{secret} does not hold 64 hexadecimal digits.\n";
}

# No descriptor of the caller stays open, or the ssh command that started us would never end.
sub become_daemon {
  POSIX::setsid();
  chdir $ENV{HOME};
  open(STDIN, '<', '/dev/null');
  open(STDOUT, '>>', $file{log});
  open(STDERR, '>&', \*STDOUT);
  $| = 1;
  chmod 0600, $file{log};
}

sub note { printf "%s %s\n", POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime), join('', @_) }

# --- the gate --------------------------------------------------------------------------------------------------

my ($proof_in, $proof_out);      # the two halves of the secret: what a peer shows us, what we show it
my ($listener, $port, $stopping);
my %peers;                       # every connection by its file number
my $holder;                      # the client that evaluates in the session, until it disconnects
my %session = (state => 'down', deaths => []);
my %job;                         # the request that the session works on: id, client

sub serve {
  my ($secret) = @_;
  ($proof_in, $proof_out) = (substr($secret, 0, 32), substr($secret, 32));
  $SIG{PIPE} = 'IGNORE';
  $SIG{CHLD} = sub { };
  $SIG{TERM} = $SIG{INT} = $SIG{HUP} = sub { $stopping = 1 };
  socket($listener, AF_INET, SOCK_STREAM, 0) or die "socket: $!";
  bind($listener, pack_sockaddr_in(0, INADDR_LOOPBACK)) or die "bind: $!";
  listen($listener, SOMAXCONN) or die "listen: $!";
  non_blocking($listener);
  ($port) = unpack_sockaddr_in(getsockname $listener);
  note("the gate listens on 127.0.0.1:$port");
  start_session();
  until ($stopping) { turn() }
  note('the gate ends');
  unlink $file{state};
  end_session();
  unlink @file{qw(out err)};
}

sub non_blocking { my ($handle) = @_; fcntl($handle, F_SETFL, fcntl($handle, F_GETFL, 0) | O_NONBLOCK) }

# One round: wait for something to do, do it. A peer whose receiver is behind is not read, so that nothing piles up.
sub turn {
  my ($reads, $writes) = ('', '');
  vec($reads, fileno $listener, 1) = 1 if keys %peers < MAX_CONNECTIONS;
  my $receiver = $job{client};
  my $client_full = $receiver && length $receiver->{out} > HIGH_WATER;
  my $session_full = $session{peer} && length $session{peer}{out} > HIGH_WATER;
  unless ($client_full) { vec($reads, fileno $session{$_}, 1) = 1 for grep { $session{$_} } qw(out err) }
  for my $peer (values %peers) {
    my $full = $peer->{role} eq 'S' ? $client_full : ($session_full && feeds_session($peer));
    $full ||= length $peer->{out} > HIGH_WATER;
    vec($reads, fileno $peer->{socket}, 1) = 1 unless $full || $peer->{ending};
    vec($writes, fileno $peer->{socket}, 1) = 1 if length $peer->{out};
  }
  my $n = select($reads, $writes, undef, 0.5);
  tend_session();
  $_->{role} eq '?' && time > $_->{since} + AUTH_SECONDS && drop($_) for values %peers;
  return if $n <= 0;
  accept_peer() if vec($reads, fileno $listener, 1);
  for my $which (qw(out err)) {
    read_output($which) if $session{$which} && vec($reads, fileno $session{$which}, 1);
  }
  for my $number (keys %peers) {
    my $peer = $peers{$number} or next;
    flush_peer($peer) if vec($writes, $number, 1);
    read_peer($peer) if $peers{$number} && vec($reads, $number, 1);
  }
  # What was just made ready goes out in the same round: a round trip through select would cost latency.
  length $_->{out} && flush_peer($_) for values %peers;
}

sub accept_peer {
  accept(my $socket, $listener) or return;
  non_blocking($socket);
  setsockopt($socket, IPPROTO_TCP, TCP_NODELAY, 1);
  setsockopt($socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  $peers{ fileno $socket } = {
    socket => $socket, in => '', out => "RMADA-EVALUATOR @{[PROTOCOL]}\n", role => '?', since => time,
    label => 'another client',
  };
}

sub drop {
  my ($peer) = @_;
  return unless $peers{ fileno $peer->{socket} };
  delete $peers{ fileno $peer->{socket} };
  if (feeds_session($peer)) {
    # The session holds a part of a request that will never be whole.
    emit($session{peer}, EVAL, ABORT, $job{id}, '');
    forget_job();
  }
  undef $holder if $holder && $holder == $peer;
  delete $job{client} if $job{client} && $job{client} == $peer;
  delete $session{peer} if $session{peer} && $session{peer} == $peer;
  close $peer->{socket};
}

# Is this client in the middle of a request to the session?
sub feeds_session {
  my ($peer) = @_;
  return scalar grep { $_ && $_->{to} eq 'session' } @$peer{qw(frame request)};
}

sub forget_job { %job = (); delete $session{interrupt}; $session{state} = 'idle' if $session{state} eq 'busy' }

sub flush_peer {
  my ($peer) = @_;
  while (length $peer->{out}) {
    my $n = syswrite($peer->{socket}, $peer->{out}, PIECE);
    if (!defined $n) { next if $! == EINTR; drop($peer) unless $! == EAGAIN || $! == EWOULDBLOCK; return }
    substr($peer->{out}, 0, $n, '');
  }
  drop($peer) if $peer->{ending};
}

sub read_peer {
  my ($peer) = @_;
  my $n = sysread($peer->{socket}, $peer->{in}, PIECE, length $peer->{in});
  if (!$n) { return if !defined $n && ($! == EAGAIN || $! == EINTR || $! == EWOULDBLOCK); return drop($peer) }
  if ($peer->{role} eq '?') { authenticate($peer) or return }
  take_frames($peer);
}

# 34 bytes: the role, the first half of the secret, a line feed. Nothing else is looked at before they are right.
sub authenticate {
  my ($peer) = @_;
  my $newline = index($peer->{in}, "\n");
  return 0 if $newline < 0 && length $peer->{in} < 34;
  my $line = substr($peer->{in}, 0, 34);
  my $shown = length $line == 34 ? substr($line, 1, 32) : "\0" x 32;
  my $difference = ($shown ^ $proof_in) =~ tr/\0//c;    # looks at every byte, whatever the first ones are
  my $role = substr($line, 0, 1);
  if ($difference || $role !~ /^[CS]$/ || substr($line, 33) ne "\n") {
    note('a peer without the secret was turned away');
    @$peer{qw(in out ending)} = ('', $peer->{out} . "denied\n", 1);
    return 0;
  }
  substr($peer->{in}, 0, 34, '');
  $peer->{role} = $role;
  $peer->{out} .= "$proof_out\n";
  send_ready($peer) if $role eq 'C';
  return 1;
}

# --- frames ----------------------------------------------------------------------------------------------------

sub emit {
  my ($peer, $type, $flags, $id, $payload) = @_;
  return unless $peer && $peers{ fileno $peer->{socket} };
  $peer->{out} .= pack('CCnNNN', $type, $flags, 0, $id, 0, length $payload) . $payload;
}

# Text fields of a payload: each a 32-bit length and that many bytes.
sub fields { return join '', map { pack 'N/a*', $_ } @_ }

sub refuse {
  my ($peer, $id, $class, $message) = @_;
  emit($peer, ERROR, 0, $id, fields($message, "$class\nerror\ncondition", '', ''));
}

sub send_ready {
  my ($peer) = @_;
  emit($peer, READY, 0, 0, fields($session{state}, $session{name} // '', $session{version} // '', $session{pid} // ''));
}

sub take_frames {
  my ($peer) = @_;
  while ($peers{ fileno $peer->{socket} } && !$peer->{ending}) {
    my $frame = $peer->{frame};
    if (!$frame) {
      last if length $peer->{in} < HEADER;
      my ($type, $flags, $zero, $id, $high, $low) = unpack 'CCnNNN', substr($peer->{in}, 0, HEADER, '');
      my $length = $high * 2**32 + $low;
      $frame = { type => $type, flags => $flags, id => $id, left => $length, body => '' };
      my $wrong = $zero != 0 || $flags > ABORT || $length > MAX_LENGTH;
      if (!$wrong) { $frame->{to} = $peer->{role} eq 'S' ? route_report($frame) : route_request($peer, $frame) }
      if ($wrong || !$frame->{to}) {
        note("a frame of type $type, flags $flags and $length bytes made no sense");
        refuse($peer, 0, 'rmada_protocol_error',
          'The evaluator got a frame that makes no sense and closed this connection.');
        $peer->{ending} = 1;
        $peer->{in} = '';
        return;
      }
      $peer->{frame} = $frame;
      drain_output() if $peer->{role} eq 'S';
    }
    my $size = $frame->{left} < length $peer->{in} ? $frame->{left} : length $peer->{in};
    last if $size == 0 && $frame->{left} > 0;
    my $piece = substr($peer->{in}, 0, $size, '');
    $frame->{left} -= $size;
    pass_on($frame, $piece);
    if ($frame->{left} == 0) { delete $peer->{frame}; frame_done($peer, $frame) }
  }
}

# Every piece leaves as a frame of its own, so that a sender that dies halfway never blocks its receiver.
sub pass_on {
  my ($frame, $piece) = @_;
  my $flags = $frame->{left} > 0 ? $frame->{flags} | MORE : $frame->{flags};
  if ($frame->{to} eq 'gate') { $frame->{body} .= $piece }
  elsif ($frame->{to} eq 'session') { emit($session{peer}, $frame->{type}, $flags, $frame->{id}, $piece) }
  elsif ($frame->{to} eq 'client') { emit($job{client}, $frame->{type}, $flags, $frame->{id}, $piece) }
}

sub route_request {
  my ($peer, $frame) = @_;
  return $frame->{left} <= MAX_CONTROL && !$frame->{flags} ? 'gate' : undef if $CONTROL{ $frame->{type} };
  return undef unless $REQUEST{ $frame->{type} } && $frame->{id} > 0;
  my $goes_on = $peer->{request} && $peer->{request}{id} == $frame->{id};
  if (!$goes_on) {
    $peer->{request} = { id => $frame->{id}, to => accept_request($peer, $frame) };
  }
  my $to = $peer->{request}{to};
  delete $peer->{request} unless $frame->{flags} & MORE;
  return $to;
}

# Says where a new request goes: to the session, or nowhere with the reason sent back at once.
sub accept_request {
  my ($peer, $frame) = @_;
  if ($holder && $holder != $peer) {
    refuse($peer, $frame->{id}, 'rmada_session_held', "The session is in use by $holder->{label}.");
    return 'void';
  }
  if ($session{state} ne 'idle' || !$session{peer}) {
    my $why = $session{state} eq 'busy' ? 'still works on an earlier statement' : 'is starting';
    refuse($peer, $frame->{id}, 'rmada_session_busy', "The remote R session $why.");
    return 'void';
  }
  $holder = $peer;
  %job = (id => $frame->{id}, client => $peer);
  $session{state} = 'busy';
  return 'session';
}

sub route_report {
  my ($frame) = @_;
  return $frame->{left} <= MAX_CONTROL ? 'gate' : undef if $frame->{type} == ATTACH || $frame->{type} == HOLD;
  return undef unless $REPORT{ $frame->{type} };
  return %job && $frame->{id} == $job{id} && $job{client} ? 'client' : 'void';
}

sub frame_done {
  my ($peer, $frame) = @_;
  my $type = $frame->{type};
  if ($type == PING) { emit($peer, PONG, 0, $frame->{id}, $session{state}) }
  elsif ($type == HELLO) { ($peer->{label} = substr($frame->{body}, 0, 200)) =~ s/[^\x20-\x7e\x80-\xff]/?/g }
  elsif ($type == INTERRUPT) { interrupt_session() if %job && ($frame->{id} == 0 || $frame->{id} == $job{id}) }
  elsif ($type == ATTACH) { attach($peer, $frame->{body}) }
  elsif ($type == HOLD) { $session{hold} = 1; emit($peer, GO, 0, $frame->{id}, '') }
  elsif ($peer->{role} eq 'S') { report_done($peer, $frame) }
  elsif ($frame->{to} eq 'session' && $frame->{flags} & ABORT) { forget_job() }
}

sub report_done {
  my ($peer, $frame) = @_;
  return if $frame->{flags} & MORE;
  delete $session{hold};
  if ($FINAL{ $frame->{type} }) { return forget_job() }
  emit($peer, GO, 0, $frame->{id}, '');
  interrupt_session() if delete $session{interrupt};
}

# --- the R session ---------------------------------------------------------------------------------------------

sub start_session {
  $session{$_} = open_output($file{$_}) for qw(out err);
  defined(my $pid = fork()) or die "fork: $!";
  if ($pid == 0) {
    setpgrp(0, 0);
    $SIG{$_} = 'DEFAULT' for qw(PIPE CHLD TERM INT HUP);
    $ENV{RMADA_EVALUATOR_PORT} = $port;
    # The session's own output goes past mpirun, whose forwarding would put it behind the value.
    exec @launcher, 'sh', '-c', 'exec R --no-save --no-restore --no-echo -f "$0" <"/dev/null" >"$1" 2>"$2"',
      @file{qw(server out err)} or POSIX::_exit(127);
  }
  @session{qw(state launcher started since)} = ('starting', $pid, time, time);
  delete @session{qw(pid version hold interrupt)};
  $session{name} = unpack 'H*', random_bytes(8);
  note("session $session{name} starts: ", join ' ', @launcher, 'R');
}

sub random_bytes {
  my ($n) = @_;
  open(my $in, '<:raw', '/dev/urandom') or die "/dev/urandom: $!";
  read($in, my $bytes, $n);
  return $bytes;
}

# Both ends are opened here, so that the pipe has no end of file when the session's processes come and go.
sub open_output {
  my ($path) = @_;
  unlink $path;
  POSIX::mkfifo($path, 0600) or die "mkfifo $path: $!";
  sysopen(my $in, $path, O_RDONLY | O_NONBLOCK) or die "open $path: $!";
  sysopen(my $keep, $path, O_WRONLY | O_NONBLOCK) or die "open $path: $!";
  $session{"keep $path"} = $keep;
  return $in;
}

sub attach {
  my ($peer, $body) = @_;
  my ($pid, $version) = unpack 'N/a N/a', $body;
  drop($session{peer}) if $session{peer};
  $session{peer} = $peer;
  return if $session{state} ne 'starting';    # the same session again, after it lost its connection
  @session{qw(pid version state)} = ($pid, $version, 'idle');
  delete $session{lost};
  note("session $session{name} answers: R $version, process $pid");
  my $line = qq({"port":$port,"pid":$$}\n);
  sysopen(my $out, "$file{state}.new", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  syswrite($out, $line);
  close $out;
  rename "$file{state}.new", $file{state};
  $_->{role} eq 'C' && send_ready($_) for values %peers;
}

sub read_output {
  my ($which) = @_;
  my $n = sysread($session{$which}, my $text, 65536) or return 0;
  emit($job{client}, $which eq 'out' ? OUTPUT : DIAGNOSTICS, 0, $job{id}, $text) if $job{client};
  syswrite(STDOUT, $text) if $session{state} eq 'starting';
  return $n;
}

# R has flushed what it printed before it sends a frame, so what waits in the pipes now belongs before that frame.
sub drain_output {
  for my $which (qw(out err)) { my $total = 0; while ($total < 262144) { $total += read_output($which) || last } }
}

# Like a terminal: the session and the commands it runs get the signal, the MPI ranks (mpirun's children) do not.
sub interrupt_session {
  if ($session{hold}) { $session{interrupt} = 1; return }
  kill 'INT', $session{pid}, descendants($session{pid}) if $session{pid};
}

sub descendants {
  my ($root) = @_;
  my %children;
  for (split /\n/, `ps -A -o pid= -o ppid= 2>/dev/null`) { /(\d+)\s+(\d+)/ and push @{ $children{$2} }, $1 }
  my @found = @{ $children{$root} // [] };
  for (my $i = 0; $i < @found; $i++) { push @found, @{ $children{ $found[$i] } // [] } }
  return @found;
}

# Notices a session that ended or does not come up, and starts the next one.
sub tend_session {
  my $ended = waitpid($session{launcher}, POSIX::WNOHANG()) == $session{launcher} ? $? : undef;
  if (!defined $ended) {
    my $gone = $session{state} ne 'starting' && !$session{peer};
    $session{lost} = $gone ? $session{lost} // time : undef;
    return unless ($gone && time > $session{lost} + 5)
      || ($session{state} eq 'starting' && time > $session{since} + START_SECONDS);
  }
  my $how = !defined $ended ? 'it no longer answered' : $ended & 127 ? 'signal ' . ($ended & 127)
    : 'exit status ' . ($ended >> 8);
  note("session $session{name} ended: $how");
  drain_output();
  # Taken out first: end_session and the drop of the peer must not clear what is to be told to the client.
  my %unanswered = %job;
  %job = ();
  end_session();
  refuse($unanswered{client}, $unanswered{id}, 'rmada_session_ended',
    "The remote R session ended while it worked on this ($how). A fresh session starts; what the old one held is gone.")
    if $unanswered{client};
  push @{ $session{deaths} }, time;
  splice @{ $session{deaths} }, 0, -3;
  if (@{ $session{deaths} } == 3 && $session{deaths}[0] > time - 10) {
    note('three sessions ended within ten seconds: giving up');
    $stopping = 1;
    return;
  }
  start_session() unless $stopping;
}

sub end_session {
  my $peer = delete $session{peer};
  drop($peer) if $peer;
  my @pids = map { $_ ? ($_, descendants($_)) : () } $session{launcher}, $session{pid};
  if ($session{launcher}) {
    # mpirun ends its ranks by itself, those on other nodes too, when it is given the time.
    kill 'TERM', -$session{launcher}, $session{launcher};
    wait_until_gone(5, @pids);
    kill 'KILL', -$session{launcher}, @pids;
    wait_until_gone(2, @pids);
  }
  $session{state} = 'down';
  delete @session{qw(launcher pid)};
}

sub wait_until_gone {
  my ($seconds, @pids) = @_;
  for (1 .. $seconds * 50) {
    waitpid($session{launcher}, POSIX::WNOHANG());
    return unless grep { kill 0, $_ } @pids;
    select(undef, undef, undef, 0.02);
  }
}
