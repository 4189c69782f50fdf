#!/bin/sh
# Fill the help desk in the current folder with three weeks of work at a small company, through the
# program alone. DESK_NOW dates every step, so that the result is the same each time but for the IDs.
# Options for every command come from SAMPLE_OPTIONS (such as --no-commit).
set -eu

at() { # at INSTANT WHO COMMAND...
    DESK_NOW=$1
    DESK_USER=$2
    export DESK_NOW DESK_USER
    shift 2
    # SAMPLE_OPTIONS holds options, none of them with blanks.
    # shellcheck disable=SC2086
    desk --quiet --no-input ${SAMPLE_OPTIONS:-} "$@"
}

MARIA="Maria López <maria.lopez@acme.example>"
JONAS="Jonas Weber <jonas.weber@acme.example>"
PRIYA="Priya Nair <priya.nair@northwind.example>"
TOM="Tom Okafor <tom.okafor@northwind.example>"
CHLOE="Chloé Martin <chloe.martin@acme.example>"

# The VPN after the certificate change: three people, one cause.
VPN=$(at 2026-11-03T08:12:40Z ana new "VPN refuses my password since this morning" -r "$JONAS" \
    --company ACME -p P2 -c network/vpn --channel phone --tag vpn \
    -d "He changed the password yesterday; mail works, the VPN does not.")
at 2026-11-03T08:14:02Z ana take "$VPN"
VPN2=$(at 2026-11-03T08:31:15Z ana new "Cannot connect from home" -r "$CHLOE" --company ACME \
    -c network/vpn --channel email -d "The client says: certificate has expired.

I am in the office again on Thursday.")
at 2026-11-03T08:33:41Z ana note "$VPN" -m "Second report, with the message: the server certificate expired at midnight."
at 2026-11-03T08:35:00Z ana merge "$VPN2" --into "$VPN" -m "Same certificate."
at 2026-11-03T08:36:20Z ana escalate "$VPN" -m "Needs the new certificate on the gateway."
at 2026-11-03T08:50:09Z luis take "$VPN"
at 2026-11-03T09:25:48Z luis resolve "$VPN" -m "The gateway has a new certificate. Please connect again; your password was never the problem."
at 2026-11-03T09:26:30Z luis worked "$VPN" 35m
at 2026-11-03T10:02:00Z jonas.weber@acme.example rate "$VPN" 5 -m "Fast!"
at 2026-11-04T09:10:00Z luis kb new "The VPN after a new password" --from "$VPN" --audience public --tag password \
    -m "After a change of the password, lock the screen once and unlock it with the new one, then connect again.

If it says that the **certificate** has expired, it is not your password: tell the help desk."
at 2026-11-08T09:30:00Z luis close "$VPN"

# A laptop for a new colleague: a request, on hold for the delivery.
LAPTOP=$(at 2026-11-05T13:20:11Z ana new "Laptop for a new colleague on 1 December" -r "$MARIA" \
    --company ACME -t request -c hardware/laptop --channel walk-in --set cost_centre=4420 \
    -d "She starts in purchasing and needs:

* a laptop with a docking station
* access to the ERP system")
at 2026-11-05T13:41:00Z ana take "$LAPTOP"
at 2026-11-05T14:05:37Z ana reply "$LAPTOP" -m "Ordered today. Delivery is promised for the 24th; I will set it up the day after."
at 2026-11-05T14:06:02Z ana hold "$LAPTOP" --until 2026-11-25 -m "Delivery on the 24th."

# A printer that comes back.
PRINTER=$(at 2026-11-10T09:34:35Z maria.lopez@acme.example new \
    "Printer on the third floor jams" --company ACME -c hardware/printer --tag floor-3 \
    -d "The printer on the third floor jams on every second page.")
at 2026-11-10T09:40:02Z ana take "$PRINTER"
at 2026-11-10T09:41:10Z ana reply "$PRINTER" --wait -m "Which tray do you use?"
at 2026-11-10T10:15:00Z maria.lopez@acme.example reply "$PRINTER" -m "The lower one. The upper one is fine."
at 2026-11-10T13:02:19Z ana resolve "$PRINTER" -m "I cleaned the rollers of the lower tray. Please tell me if it jams again."
at 2026-11-11T08:30:00Z ana kb new "A printer jams" --from "$PRINTER" --audience public --slug printer-jams \
    -m "1. Take out all paper, fan it, and put it back to the line.
2. Print two pages from each tray. If only one tray jams, clean its rollers with a damp cloth.
3. If every tray jams, the rollers are worn: tell the help desk."
at 2026-11-17T08:20:44Z maria.lopez@acme.example reopen "$PRINTER" -m "It jams again, and now the upper tray too."
at 2026-11-17T08:45:00Z ana reply "$PRINTER" -m "Then the rollers are worn out. I am ordering new ones."
at 2026-11-17T08:46:30Z ana hold "$PRINTER" --until 2026-11-23 -m "New rollers arrive on Monday."

# Slow mail at a customer: waiting for them.
MAIL=$(at 2026-11-12T15:10:05Z ana new "Mail arrives an hour late" -r "$PRIYA" --company Northwind \
    -p P2 -c network --channel email -d "Mail from outside takes an hour or more, inside it is fine.")
at 2026-11-12T15:31:00Z luis take "$MAIL"
at 2026-11-12T15:58:33Z luis reply "$MAIL" --wait -m "Could you send me the headers of one late mail? In Outlook: File, Properties."

# A shared folder: a question answered at once.
SHARE=$(at 2026-11-16T10:02:47Z ana new "Who may see the folder Contracts?" -r "$TOM" \
    --company Northwind -t question -c access --channel chat)
at 2026-11-16T10:09:12Z ana resolve "$SHARE" -m "Legal and the two directors. Your own access needs the word of one of them."

# A request that settled itself.
MONITOR=$(at 2026-11-18T12:20:00Z ana new "Second monitor flickers" -r "$TOM" --company Northwind \
    -c hardware --channel phone)
at 2026-11-18T12:41:15Z ana cancel "$MONITOR" -m "The cable was loose, he found it himself."

# Northwind's shop: urgent, escalated to engineering.
SHOP=$(at 2026-11-19T16:40:20Z tom.okafor@northwind.example new "Web shop shows error 502 at checkout" \
    --company Northwind -p P1 -c software/shop --tag shop --impact high --urgency high \
    -d "Since about 16:30. Every second order fails.")
at 2026-11-19T16:43:00Z ana take "$SHOP"
at 2026-11-19T16:44:10Z ana reply "$SHOP" -m "We are on it. I see it too."
at 2026-11-19T16:52:31Z ana escalate "$SHOP" --to L2 -m "One of the two application servers does not answer."
at 2026-11-19T16:58:00Z luis take "$SHOP"
at 2026-11-19T17:20:45Z luis reply "$SHOP" -m "One server is out of the rotation; orders go through again. We are looking for the cause."
at 2026-11-20T07:35:10Z luis escalate "$SHOP" -m "Memory grows with every checkout since the release of Wednesday."

# What came in today.
at 2026-11-20T07:50:26Z ana new "Scanner sends empty pages" -r "$CHLOE" --company ACME \
    -c hardware/printer --tag floor-2 --channel phone -d "Only from the feeder; from the glass it works."
PHONE=$(at 2026-11-20T08:05:50Z ana new "Desk phone has no dial tone" -r "$JONAS" --company ACME \
    -p P3 -c hardware --channel walk-in -d "Room 214. The cable is fine.")
at 2026-11-20T08:11:00Z ana take "$PHONE"
ERP=$(at 2026-11-20T08:30:12Z priya.nair@northwind.example new "ERP: cannot book an invoice in euros" \
    --company Northwind -p P2 -c software/erp -d 'The message is "period is closed", but November is open.')
at 2026-11-20T08:36:40Z ana reply "$ERP" -m "Which company code is it, and which date has the invoice?"
at 2026-11-20T08:52:05Z priya.nair@northwind.example reply "$ERP" -m "Company 20, dated 2 November."
at 2026-11-20T09:02:00Z ana link "$ERP" relates "$SHOP"
PROBLEM=$(at 2026-11-20T09:10:00Z luis new "Certificates expire without anybody noticing" -t problem \
    -a luis --team sysadmin -p P3 -c network --channel monitoring \
    -d "Three outages in a year. We need a list with dates, and a warning a month ahead.")
at 2026-11-20T09:11:30Z luis link "$PROBLEM" causes "$VPN"
