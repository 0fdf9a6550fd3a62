"""The payment house by itself: fees told later, refunds, payouts, debits that end, calls and mails that fail."""

from lab.simulation.actions.table import Actions
from lab.simulation.stage import Stage

ACTIONS = Actions("house")


@ACTIONS.add(5)
def fee(stage: Stage) -> None:
    house = stage.outside.house
    untold = [(page, charge) for page, charge in house.charges() if charge.fee is None]
    if untold:
        page, charge = stage.draw.choice(untold)
        house.tell_fee(page, charge, now=stage.outside.clock.true, draw=stage.draw)


@ACTIONS.add(4)
def refund(stage: Stage) -> None:
    """By the seller, on the house's own site: all, a part, or a cent."""
    house = stage.outside.house
    whole = [(page, charge) for page, charge in house.charges() if charge.refundable > 0]
    if whole:
        page, charge = stage.draw.choice(whole)
        minor = stage.draw.choice((charge.refundable, max(charge.refundable // 2, 1), 1))
        standing = stage.draw.choice(("succeeded", "succeeded", "pending"))
        house.refund(page, charge, minor, standing=standing, now=stage.outside.clock.true, draw=stage.draw)


@ACTIONS.add(3)
def end_refund(stage: Stage) -> None:
    house = stage.outside.house
    open_ones = [
        (page, refund) for page, charge in house.charges() for refund in charge.refunds if refund.standing != "failed"
    ]
    if open_ones:
        page, refund = stage.draw.choice(open_ones)
        standing = stage.draw.choice(("succeeded", "failed")) if refund.standing == "pending" else "failed"
        house.end_refund(page, refund, standing, now=stage.outside.clock.true, draw=stage.draw)


@ACTIONS.add(4)
def dispute(stage: Stage) -> None:
    """The payer's bank asks about a charge, or takes its money back."""
    house = stage.outside.house
    whole = [(page, charge) for page, charge in house.charges() if charge.refundable > 0 and not charge.disputes]
    if whole:
        page, charge = stage.draw.choice(whole)
        inquiry = stage.draw.random() < 0.3
        house.dispute(page, charge, inquiry=inquiry, now=stage.outside.clock.true, draw=stage.draw)


@ACTIONS.add(6)
def decide(stage: Stage) -> None:
    """The bank escalates its question, or ends the dispute for one or the other."""
    house = stage.outside.house
    under_way = [
        (page, dispute)
        for page, charge in house.charges()
        for dispute in charge.disputes
        if dispute.standing in {"inquiry", "open"}
    ]
    if under_way:
        page, dispute = stage.draw.choice(under_way)
        now, draw = stage.outside.clock.true, stage.draw
        if dispute.standing == "inquiry" and draw.random() < 0.7:
            house.escalate(page, dispute, now=now, draw=draw)
        else:
            house.end_dispute(page, dispute, won=draw.random() < 0.5, now=now, draw=draw)


@ACTIONS.add(1)
def sell_elsewhere(stage: Stage) -> None:
    """The seller has another shop."""
    house = stage.outside.house
    account = stage.draw.choice(sorted(house.accounts))
    house.sell_elsewhere(account, stage.draw.choice((1_00, 49_90)), now=stage.outside.clock.true, draw=stage.draw)


@ACTIONS.add(3)
def pay_out(stage: Stage) -> None:
    house = stage.outside.house
    for account in sorted(house.accounts):
        house.pay_out(account, now=stage.outside.clock.true, draw=stage.draw)


@ACTIONS.add(5)
def go_on_with_a_payout(stage: Stage) -> None:
    """Its lines are told, it arrives, the bank sends it back: in any order that can be."""
    house, now = stage.outside.house, stage.outside.clock.true
    payouts = [payout for payout in house.payouts.values() if payout.standing != "failed" or not payout.lines_told]
    if payouts:
        payout = stage.draw.choice(payouts)
        if not payout.lines_told and stage.draw.random() < 0.5:
            house.tell_lines(payout, now=now, draw=stage.draw)
        elif payout.standing == "in_transit" and stage.draw.random() < 0.8:
            house.arrive(payout, now=now, draw=stage.draw)
        elif payout.standing != "failed":
            house.send_back(payout, now=now, draw=stage.draw)


@ACTIONS.add(3)
def end_debit(stage: Stage) -> None:
    house = stage.outside.house
    under_way = [page for page in house.pages.values() if page.state == "processing"]
    if under_way:
        page = stage.draw.choice(under_way)
        succeeds = stage.draw.random() < 0.6
        house.end_debit(page, succeeds=succeeds, now=stage.outside.clock.true, draw=stage.draw)


@ACTIONS.add(4)
def trouble(stage: Stage) -> None:
    """The next calls are refused, or done and not answered."""
    for _ in range(stage.draw.randint(1, 3)):
        stage.outside.house.trouble.append(stage.draw.choice(("refused", "unanswered", "unanswered", "")))


@ACTIONS.add(3)
def mail_trouble(stage: Stage) -> None:
    """The next mails are put off, refused for good, or taken without our being told."""
    stage.outside.mail.trouble.append(stage.draw.choice(("later", "never", "after", "after")))
