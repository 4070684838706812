// A real mail server for tests: listens on a free port, writes the port, then each message it takes as one line of JSON.
const { SMTPServer } = require('smtp-server');

const requireLogin = process.argv[2] === 'login';
const server = new SMTPServer({
  authOptional: !requireLogin,
  allowInsecureAuth: true,
  logger: false,
  onAuth(auth, session, done) {
    done(auth.username === 'agents' && auth.password === 'correct horse' ? null : new Error('Invalid login'), { user: auth.username });
  },
  onRcptTo(address, session, done) {
    const refused = address.address.startsWith('nobody@') && Object.assign(new Error('No such mailbox'), { responseCode: 550 });
    done(refused || null);
  },
  onData(stream, session, done) {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
      console.log(JSON.stringify({ to: session.envelope.rcptTo.map((to) => to.address), message: Buffer.concat(chunks).toString('utf8') }));
      done();
    });
  },
});
server.listen(0, '127.0.0.1', () => console.log(server.server.address().port));
