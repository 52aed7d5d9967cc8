"""An address as a QR code: one path of an SVG, drawn without any library of pictures."""

import qrcode

QUIET = 4


def path(address: str) -> tuple[int, str]:
    """The width of the drawing in modules, its quiet margin in it, and the path of its dark ones."""
    code = qrcode.QRCode(border=QUIET, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(address)
    rows = code.get_matrix()
    dark = ((x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return len(rows), "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)


def svg(address: str) -> str:
    side, drawn = path(address)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{drawn}"/></svg>'
