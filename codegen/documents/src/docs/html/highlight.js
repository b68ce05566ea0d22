// Colours code if the browser can do so without changing the text.
const TOKENS = /(?<comment>(?:\/\/|#).*)|(?<key>"[^"\n]*"(?=:))|(?<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`[^`]*`)|\b(?<keyword>const|await|async|import|from|type|if|else|new|throw|return|null|true|false|curl)\b/gu;
if (globalThis.CSS?.highlights) {
  const kinds = { comment: new Highlight(), key: new Highlight(), string: new Highlight(), keyword: new Highlight() };
  for (const { firstChild: text } of document.querySelectorAll('.sample pre')) {
    for (const match of text.data.matchAll(TOKENS)) {
      const kind = Object.keys(kinds).find((kind) => match.groups[kind] !== undefined);
      const range = new StaticRange({
        startContainer: text,
        startOffset: match.index,
        endContainer: text,
        endOffset: match.index + match[0].length,
      });
      kinds[kind].add(range);
    }
  }
  for (const [kind, highlight] of Object.entries(kinds)) CSS.highlights.set(kind, highlight);
}
