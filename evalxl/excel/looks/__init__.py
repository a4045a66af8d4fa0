"""How every workbook looks on paper and on the screen: colours, the room of a page, the height of a text.

Figures only, without a workbook library: the templates (openpyxl), the stamping (XML) and the masters (XlsxWriter) all go by them.
"""
