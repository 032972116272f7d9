"""What the worker does for this room: write edited rows into the workspace, and copy what others have loaded."""

from posthouse.vocabulary.errors import UnusableInputError
from posthouse_web.registers import actions, queries
from posthouse_web.runs.control import Control


def write_registers(control: Control) -> dict[str, object]:
    """Bring workspace and rows together: edits go in, what was loaded comes out; return how many rows each way."""
    workspace = queries.find_workspace()
    if workspace is None:
        raise UnusableInputError("还没有工作区，改动先留在台账里。请先在“数据”里导入，再重做这次运行。")
    control.step("写入改动", 0.1)
    written = actions.write_entries(workspace)
    control.step("核对台账", 0.5)
    return {"written": written, "copied": actions.copy_registers(workspace, control.step)}
