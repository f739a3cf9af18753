import { XMLParser } from 'fast-xml-parser'
import { expect, it } from 'vitest'
import { Ec2Error } from './error.ts'
import { renderError, renderReply, renderStsReply } from './xml.ts'

it('renders lists as items, leaves out what is absent and keeps what is empty', () => {
  expect(
    renderReply('DescribeThings', 'id-1', {
      thingSet: [
        { a: 1, b: true, c: null, d: '' },
        { a: 2, e: [] }
      ],
      nextToken: undefined
    })
  ).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<DescribeThingsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">' +
      '<requestId>id-1</requestId>' +
      '<thingSet><item><a>1</a><b>true</b><d></d></item><item><a>2</a><e></e></item></thingSet></DescribeThingsResponse>'
  )
})

it('carries any text, and replaces what XML cannot hold', () => {
  const text = 'a<b>&"c" \'d\' ]]> ä 😀 \t'
  const parser = new XMLParser({ trimValues: false })
  const parsed = parser.parse(renderReply('X', 'r', { value: text }).split('\n')[1] ?? '') as {
    XResponse: { value: string }
  }
  expect(parsed.XResponse.value).toBe(text)
  expect(renderReply('X', 'r', { value: 'a\u0000b\uD800c' })).toContain('<value>a\uFFFDb\uFFFDc</value>')
})

it('words refusals in the shape of each service', () => {
  const error = new Ec2Error('Bad.Thing', 'a < b')
  expect(renderError('ec2', 'r', error)).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>Bad.Thing</Code>' +
      '<Message>a &lt; b</Message></Error></Errors><RequestID>r</RequestID></Response>'
  )
  expect(renderError('sts', 'r', error)).toContain('<ErrorResponse><Error><Type>Sender</Type><Code>Bad.Thing</Code>')
  expect(renderStsReply('Get', 'r', { Arn: 'x' })).toContain(
    '<GetResult><Arn>x</Arn></GetResult><ResponseMetadata><RequestId>r</RequestId>'
  )
})
