"""The gas files of the distributor GRDF, whether exported by a person or given by its site."""

from atre.formats.grdf_json import is_grdf_json, read_grdf_json
from atre.formats.grdf_workbook import is_grdf_workbook, read_grdf_workbook
from atre.formats.reading import Format

FORMATS: tuple[Format, ...] = (
    Format(
        key="grdf_xlsx",
        title_fr="export GRDF des relevés de gaz (XLSX)",
        recognises=is_grdf_workbook,
        read=read_grdf_workbook,
    ),
    Format(
        key="grdf_json",
        title_fr="relevés de gaz GRDF (JSON)",
        recognises=is_grdf_json,
        read=read_grdf_json,
    ),
)
