// An MCP server on standard streams whose tools misbehave, each in its own way. For tests.
// Argument 1, optional: a file; its text is the description of the tool 'echo', and is read again for each list.
'use strict';
const fs = require('fs');
const lines = require('readline').createInterface({ input: process.stdin });
const send = message => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
const text = value => ({ content: [{ type: 'text', text: value }] });
const schema = { type: 'object', properties: { say: { type: 'string' } } };
const tool = (name, annotations, description = `What ${name} does.`, inputSchema = schema) => ({ name, description, inputSchema, annotations });

function tools() {
  const said = process.argv[2] ? fs.readFileSync(process.argv[2], 'utf8') : 'Says it again.';
  const named = process.env.HOSTILE_TWINS ? [tool('bookRoom'), tool('book-room')] : [];
  return [
    tool('echo', { readOnlyHint: true }, said), tool('hang'), tool('close'), tool('huge'), tool('garbage'), tool('progress'), tool('is_error'), tool('structured'), tool('refuse'), tool('crash'),
    tool('environment', { readOnlyHint: true }), tool('child'), tool('keyed', undefined, 'Takes a key.', { type: 'object', properties: { key: { type: 'string' } }, required: ['key'] }),
    tool('destroy', { destructiveHint: true, idempotentHint: false }), ...named,
  ];
}

const calls = {
  echo: (id, params) => send({ id, result: text(params.arguments.say ?? '') }),
  hang: () => {},
  close: () => process.exit(0),
  huge: id => {
    process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"`);
    const block = 'x'.repeat(1024 * 1024);
    let left = 200;
    const more = () => { while (left-- > 0) { if (!process.stdout.write(block)) { process.stdout.once('drain', more); return; } } process.stdout.write('"}]}}\n'); };
    more();
  },
  garbage: id => { process.stdout.write('this is no JSON\n{"jsonrpc":\n\u0000\u0001\n[]\n'); send({ id, result: text('after all') }); },
  progress: (id, params) => {
    for (let i = 0; i < 50; i++) { send({ method: 'notifications/progress', params: { progressToken: params._meta?.progressToken ?? 'none', progress: i } }); }
    send({ method: 'notifications/message', params: { level: 'info', data: 'noise' } });
    send({ id, result: text('done') });
  },
  is_error: id => send({ id, result: { ...text('there is no room 7'), isError: true } }),
  structured: id => send({ id, result: { ...text('{"room":7}'), structuredContent: { room: 7 } } }),
  refuse: id => send({ id, error: { code: -32602, message: 'room is missing' } }),
  crash: id => send({ id, error: { code: -32603, message: 'disk full' } }),
  environment: id => send({ id, result: text(Object.keys(process.env).sort().join(' ')) }),
  child: id => { const child = require('child_process').spawn('sleep', ['600'], { stdio: 'ignore' }); send({ id, result: text(String(child.pid)) }); },
  keyed: (id, params) => send({ id, result: text(`${params.arguments.key} ${params._meta['agentworkflows/idempotencyKey']}`) }),
  destroy: id => send({ id, result: text('gone') }),
};

lines.on('line', line => {
  const { id, method, params } = JSON.parse(line);
  if (method === 'initialize') {
    send({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: { listChanged: true } }, serverInfo: { name: 'hostile', version: '1' } } });
  } else if (method === 'tools/list') {
    send({ id, result: { tools: tools() } });
  } else if (method === 'tools/call') {
    calls[params.name](id, params);
  } else if (id !== undefined) {
    send({ id, error: { code: -32601, message: `no ${method}` } });
  }
});
if (process.argv[2]) {
  fs.watch(process.argv[2], () => send({ method: 'notifications/tools/list_changed' }));
}
if (process.env.HOSTILE_STAYS) {
  // Whoever closes its input does not end it.
  setInterval(() => {}, 1000);
} else {
  lines.on('close', () => process.exit(0));
}
