// Answers one line ("done", or what went wrong) for each line that asks SheetJS or ExcelJS to load a workbook, type values and save it.
"use strict";

const fs = require("fs");
const readline = require("readline");
const SheetJS = require(process.argv[2]);
const ExcelJS = require(process.argv[3]);

console.log = console.warn = console.error; // what a library says is no answer

function serial(day) {
  return Date.parse(day + "T00:00:00Z") / 86400000 + 25569;
}

function sheetjs(asked, options = { cellFormula: true, cellNF: true, cellStyles: true }) {
  const book = SheetJS.read(fs.readFileSync(asked.from), options);
  for (const [sheet, cell, value] of asked.typing) {
    const page = book.Sheets[sheet];
    const typed = value !== null && typeof value === "object" ? serial(value.date) : value;
    page[cell] = { ...(page[cell] || {}), t: typeof typed === "number" ? "n" : "s", v: typed };
    for (const shown of ["w", "r", "h", "f"]) delete page[cell][shown];
    if (typed !== value) page[cell].z = "dd/mm/yyyy";
    const used = SheetJS.utils.decode_range(page["!ref"]);
    const at = SheetJS.utils.decode_cell(cell);
    used.e.r = Math.max(used.e.r, at.r);
    used.e.c = Math.max(used.e.c, at.c);
    page["!ref"] = SheetJS.utils.encode_range(used);
  }
  fs.writeFileSync(asked.to, SheetJS.write(book, { type: "buffer", bookType: "xlsx", bookSST: asked.shared }));
}

// As most who use it do: without a word about what is to be kept.
function sheetjs_plain(asked) {
  sheetjs(asked, {});
}

async function exceljs(asked) {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(fs.readFileSync(asked.from));
  for (const [sheet, cell, value] of asked.typing) {
    const isDay = value !== null && typeof value === "object";
    book.getWorksheet(sheet).getCell(cell).value = isDay ? new Date(value.date + "T00:00:00Z") : value;
  }
  fs.writeFileSync(asked.to, Buffer.from(await book.xlsx.writeBuffer()));
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line);
    let said = "done";
    try {
      await { sheetjs, sheetjs_plain, exceljs }[asked.program](asked);
    } catch (slip) {
      said = String((slip && slip.stack) || slip).slice(0, 500);
    }
    process.stdout.write(JSON.stringify(said) + "\n");
  }
}

main();
