#!/bin/sh
# Makes the variants in ../wild from terms.md with pandoc and LibreOffice, from the parts with Python.
set -eu
cd "$(dirname "$0")"
pandoc terms.md -o ../wild/terms-pandoc.docx
pandoc -s terms.md -o ../wild/terms.html
scratch=$(mktemp -d)
pandoc terms.md -o "$scratch/terms-libreoffice.odt"
soffice --headless --convert-to docx --outdir ../wild "$scratch/terms-libreoffice.odt" > /dev/null
cp office.fodt "$scratch/office-libreoffice.fodt"
for kind in docx html; do
    soffice --headless --convert-to $kind --outdir "$scratch" "$scratch/office-libreoffice.fodt" > /dev/null
    cp "$scratch/office-libreoffice.$kind" ../wild
done
rm -r "$scratch"
python3 make_pages.py ../wild
python3 make_word.py ../wild
python3 make_sheets.py ../wild
# They need ReportLab, which the project does not; its place is in PYTHON.
"${PYTHON:-python3}" make_pdf.py ../wild
"${PYTHON:-python3}" make_pdf_pages.py ../wild
"${PYTHON:-python3}" make_pdf_order.py ../wild
"${PYTHON:-python3}" make_pdf_rules.py ../wild
