// Parses every Bicep file with the Bicep grammar and fails on the first line it does not understand.
'use strict';
const fs = require('fs');
const path = require('path');
const Parser = require('tree-sitter');
const Bicep = require('tree-sitter-bicep');

const folder = path.join(__dirname, '..', 'infra');
const parser = new Parser();
parser.setLanguage(Bicep);

function errors(node) {
  if (node.type === 'ERROR' || node.isMissing) {
    return [node];
  }
  return node.hasError ? node.children.flatMap(errors) : [];
}

let failed = 0;
const files = fs.readdirSync(folder).filter(name => /\.bicep$/.test(name));
for (const name of files) {
  const tree = parser.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
  for (const node of errors(tree.rootNode)) {
    failed++;
    console.error(`infra/${name}:${node.startPosition.row + 1}:${node.startPosition.column + 1}: not Bicep: ${node.text.split('\n')[0].slice(0, 80)}`);
  }
}
console.log(`${files.length} Bicep files parsed, ${failed} errors`);
process.exit(failed > 0 || files.length === 0 ? 1 : 0);
