// Parses an AsyncAPI document with the official parser and prints what it found as one line of JSON.
// Usage: node parse.mjs FILE. Exit code 0 if there is no error, 1 if there is.
import { Parser, fromFile } from "@asyncapi/parser";

const { document, diagnostics } = await fromFile(new Parser(), process.argv[2]).parse();
const said = diagnostics.map(({ severity, code, message, path }) => ({ severity, code, message, path: path.join("/") }));
const channels = document
  ? document.channels().all().map((channel) => ({
      address: channel.address(),
      kafka: channel.bindings().get("kafka")?.json(),
      messages: channel.messages().all().map((message) => ({
        name: message.name(),
        payload: message.payload()?.title() ?? null,
        headers: Object.keys(message.headers()?.properties() ?? {}),
        key: message.bindings().get("kafka")?.json()?.key?.type,
      })),
    }))
  : [];
const operations = document ? document.operations().all().map((op) => `${op.action()} ${op.channels().all()[0].address()}`) : [];
process.stdout.write(JSON.stringify({ diagnostics: said, channels, operations }));
process.exitCode = said.some(({ severity }) => severity === 0) ? 1 : 0;
