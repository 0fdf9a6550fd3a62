"""The mailbox in the browser. A mail's HTML is shown in a frame that can do nothing but open links."""

from werkzeug.wrappers import Request, Response

from sandbox.mailbox import mails
from sandbox.pages import not_found, page
from sandbox.world import World

FRAME_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src 'self' data:"
)


def index(world: World, request: Request) -> Response:
    return page("mail_list.html", mails=mails.every(world), smtp_port=world.smtp_port)


def show(world: World, request: Request, name: int) -> Response:
    mail = mails.find(world, name)
    if mail is None:
        return not_found("Ce message n’existe pas.")
    return page("mail.html", mail=mail)


def html(world: World, request: Request, name: int) -> Response:
    mail = mails.find(world, name)
    if mail is None:
        return not_found("Ce message n’existe pas.")
    text = mail.body("html")
    for part in mail.parts():
        if part.content_id:
            text = text.replace(f"cid:{part.content_id}", f"/mail/{name}/part/{part.number}")
    response = Response(f'<!doctype html><base target="_blank">{text}', content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    return response


def part(world: World, request: Request, name: int, number: int) -> Response:
    mail = mails.find(world, name)
    found = next((one for one in mail.parts() if one.number == number), None) if mail else None
    if found is None:
        return not_found("Cette pièce jointe n’existe pas.")
    kind = (
        found.kind if found.kind.startswith("image/") and found.kind != "image/svg+xml" else "application/octet-stream"
    )
    response = Response(found.content, content_type=kind)
    response.headers["X-Content-Type-Options"] = "nosniff"
    if kind == "application/octet-stream":
        response.headers.set("Content-Disposition", "attachment", filename=found.name)
    return response
