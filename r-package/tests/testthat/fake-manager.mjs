// A network manager of one folder for the tests: replies from replies.json, requests written down in requests.jsonl.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

const folder = process.env.RMADA_RUNTIME_DIR
const socket = `${folder}/manager.sock`
const counts = {}

const server = createServer((connection) => {
  connection.on('error', () => {})
  createInterface({ input: connection }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line)
    appendFileSync(`${folder}/requests.jsonl`, `${JSON.stringify({ method, params })}\n`)
    const replies = JSON.parse(readFileSync(`${folder}/replies.json`, 'utf8'))
    const list = replies[method] ?? [{ result: {} }]
    const n = counts[method] ?? 0
    counts[method] = n + 1
    const reply = list[Math.min(n, list.length - 1)]
    if (reply.close) return connection.destroy()
    const data = reply.error
    connection.write(`${JSON.stringify({ jsonrpc: '2.0', id: 'stale', result: 'an answer to nobody' })}\n`)
    connection.write(`${JSON.stringify({
      jsonrpc: '2.0', id, ...(data ? { error: { code: -32000, message: data.message, data } } : { result: reply.result })
    })}\n`)
  })
})
server.listen(socket, () => {
  writeFileSync(`${folder}/manager.json`, JSON.stringify({ socket, protocol: 1, version: '0.1.0', pid: process.pid }))
})
