// A small valid file of every type that may be uploaded.
import { deflateSync } from 'node:zlib';

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

const uint32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

function pngChunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  return Buffer.concat([uint32(data.length), body, uint32(crc32(body))]);
}

/** One black pixel. */
export const PNG = Buffer.concat([
  Buffer.from('89504e470d0a1a0a', 'hex'),
  pngChunk('IHDR', Buffer.from('00000001000000010800000000', 'hex')),
  pngChunk('IDAT', deflateSync(Buffer.from([0, 0]))),
  pngChunk('IEND', Buffer.alloc(0)),
]);

export const JPEG = Buffer.from(
  'ffd8ffe000104a46494600010101006000600000ffdb004300' + '08'.repeat(64) + 'ffc0000b080001000101011100ffc40014000100000000000000000000000000000009ffc40014100100000000000000000000000000000000ffda0008010100003f0054dfffd9',
  'hex',
);

export const GIF = Buffer.from('47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b', 'hex');

export const WEBP = Buffer.from('524946461a000000574542505650384c0d0000002f00000010071011118888fe0700', 'hex');

export const PDF = Buffer.from(
  '%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
  'latin1',
);

/** A ZIP archive of stored files. */
export function zip(files) {
  const locals = [];
  const central = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const nameBytes = Buffer.from(name);
    const data = Buffer.from(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), common, nameBytes, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('504b01021400', 'hex'), common, tail, nameBytes]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('504b0506', 0, 'hex');
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

export const ZIP = zip({ 'hello.txt': 'Hello, world!' });

const office = (folder, part, contentType) =>
  zip({
    '[Content_Types].xml': `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/${folder}/${part}" ContentType="${contentType}.main+xml"/></Types>`,
    '_rels/.rels': `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="${folder}/${part}"/></Relationships>`,
    [`${folder}/${part}`]: '<?xml version="1.0"?><x/>',
  });

const DOCX_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const PPTX_TYPE = 'application/vnd.openxmlformats-officedocument.presentationml.presentation';
const OPEN_TYPE = 'application/vnd.oasis.opendocument';

export const DOCX = office('word', 'document.xml', DOCX_TYPE);
export const XLSX = office('xl', 'workbook.xml', XLSX_TYPE);

/** A box of an ISO base media file (ISO/IEC 14496-12). */
const box = (type, ...content) => {
  const body = Buffer.concat([Buffer.from(type), ...content]);
  return Buffer.concat([uint32(body.length + 4), body]);
};

/** The first box of a file of this brand. */
const ftyp = (brand) => box('ftyp', Buffer.from(brand), uint32(0), Buffer.from(brand));

/** The headers of an image of this brand, three pixels by two. */
const heif = (brand) => Buffer.concat([
  ftyp(brand),
  box('meta', uint32(0), box('iprp', box('ipco', box('ispe', uint32(0), uint32(3), uint32(2))))),
  box('mdat'),
]);

const WEBM = Buffer.concat([Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581', 'hex'), Buffer.alloc(300)]);

export const MP4 = Buffer.concat([ftyp('isom'), box('free'), box('mdat', Buffer.alloc(1000))]);

/** An OpenDocument file, which says its type first and uncompressed. */
const open = (type) => zip({ mimetype: type, 'content.xml': '<?xml version="1.0"?><x/>' });

/** The beginning of a compound file (MS-CFB), which Word and Excel wrote up to 2003. */
export const COMPOUND = Buffer.concat([
  Buffer.from('d0cf11e0a1b11ae1' + '00'.repeat(16) + '3e000300feff0900060000000000', 'hex'),
  Buffer.alloc(1498),
]);

/** The types that may be uploaded; images with their width and height. */
export const FILES = {
  'a JPEG image': { bytes: JPEG, type: 'image/jpeg', name: 'picture.jpg', pixels: [1, 1] },
  'a PNG image': { bytes: PNG, type: 'image/png', name: 'picture.png', pixels: [1, 1] },
  'a GIF image': { bytes: GIF, type: 'image/gif', name: 'picture.gif', pixels: [1, 1] },
  'a WebP image': { bytes: WEBP, type: 'image/webp', name: 'picture.webp', pixels: [1, 1] },
  'an AVIF image': { bytes: heif('avif'), type: 'image/avif', name: 'picture.avif', pixels: [3, 2] },
  'a HEIC image': { bytes: heif('heic'), type: 'image/heic', name: 'picture.heic', pixels: [3, 2] },
  'an MP4 video': { bytes: MP4, type: 'video/mp4', name: 'clip.mp4' },
  'a WebM video': { bytes: WEBM, type: 'video/webm', name: 'clip.webm' },
  'an MP3 file': { bytes: Buffer.from('494433040000000000000000fffb9064', 'hex'), type: 'audio/mpeg', name: 'song.mp3' },
  'an OGG file': { bytes: Buffer.from('4f6767530002', 'hex'), type: 'audio/ogg', name: 'song.ogg' },
  'a WAV file': { bytes: Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1'), type: 'audio/wav', name: 'sound.wav' },
  'an M4A file': { bytes: ftyp('M4A '), type: 'audio/mp4', name: 'song.m4a' },
  'WebM audio': { bytes: WEBM, type: 'audio/webm', name: 'voice.weba' },
  'a PDF document': { bytes: PDF, type: 'application/pdf', name: 'document.pdf' },
  'a plain text': { bytes: Buffer.from('Hello, wörld!\n'), type: 'text/plain', name: 'note.txt' },
  'a CSV table': { bytes: Buffer.from('a,b\r\n1,"zwölf"\r\n'), type: 'text/csv', name: 'table.csv' },
  'a Markdown text': { bytes: Buffer.from('# Wörld\n'), type: 'text/markdown', name: 'note.md' },
  'a JSON document': { bytes: Buffer.from('{"a": "ö"}'), type: 'application/json', name: 'data.json' },
  'a ZIP archive': { bytes: ZIP, type: 'application/zip', name: 'archive.zip' },
  'a Word document': { bytes: DOCX, type: DOCX_TYPE, name: 'letter.docx' },
  'an older Word document': { bytes: COMPOUND, type: 'application/msword', name: 'letter.doc' },
  'an Excel sheet': { bytes: XLSX, type: XLSX_TYPE, name: 'sheet.xlsx' },
  'an older Excel sheet': { bytes: COMPOUND, type: 'application/vnd.ms-excel', name: 'sheet.xls' },
  'a PowerPoint presentation': { bytes: office('ppt', 'presentation.xml', PPTX_TYPE), type: PPTX_TYPE, name: 'talk.pptx' },
  'an older PowerPoint presentation': { bytes: COMPOUND, type: 'application/vnd.ms-powerpoint', name: 'talk.ppt' },
  'an OpenDocument text': { bytes: open(`${OPEN_TYPE}.text`), type: `${OPEN_TYPE}.text`, name: 'letter.odt' },
  'an OpenDocument spreadsheet': { bytes: open(`${OPEN_TYPE}.spreadsheet`), type: `${OPEN_TYPE}.spreadsheet`, name: 'sheet.ods' },
  'an OpenDocument presentation': { bytes: open(`${OPEN_TYPE}.presentation`), type: `${OPEN_TYPE}.presentation`, name: 'talk.odp' },
};
