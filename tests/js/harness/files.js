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

export const DOCX = office('word', 'document.xml', DOCX_TYPE);
export const XLSX = office('xl', 'workbook.xml', XLSX_TYPE);

/** The beginning of a compound file (MS-CFB), which Word and Excel wrote up to 2003. */
export const COMPOUND = Buffer.concat([
  Buffer.from('d0cf11e0a1b11ae1' + '00'.repeat(16) + '3e000300feff0900060000000000', 'hex'),
  Buffer.alloc(1498),
]);

/** The types that may be uploaded. */
export const FILES = {
  'a JPEG image': { bytes: JPEG, type: 'image/jpeg', name: 'picture.jpg' },
  'a PNG image': { bytes: PNG, type: 'image/png', name: 'picture.png' },
  'a GIF image': { bytes: GIF, type: 'image/gif', name: 'picture.gif' },
  'a WebP image': { bytes: WEBP, type: 'image/webp', name: 'picture.webp' },
  'a PDF document': { bytes: PDF, type: 'application/pdf', name: 'document.pdf' },
  'a plain text': { bytes: Buffer.from('Hello, wörld!\n'), type: 'text/plain', name: 'note.txt' },
  'a CSV table': { bytes: Buffer.from('a,b\r\n1,"zwölf"\r\n'), type: 'text/csv', name: 'table.csv' },
  'a ZIP archive': { bytes: ZIP, type: 'application/zip', name: 'archive.zip' },
  'a Word document': { bytes: DOCX, type: DOCX_TYPE, name: 'letter.docx' },
  'an older Word document': { bytes: COMPOUND, type: 'application/msword', name: 'letter.doc' },
  'an older Excel sheet': { bytes: COMPOUND, type: 'application/vnd.ms-excel', name: 'sheet.xls' },
  'an Excel sheet': { bytes: XLSX, type: XLSX_TYPE, name: 'sheet.xlsx' },
};
