/** Every sentence that people read and that this package makes. `{name}` is a parameter. English first. */
export const messages = {
  'check.page-content.title': 'Remote-control page in a web folder',
  'check.page-content.meaning':
    'A page that runs what a request tells it lies where the web server would run it.',
  'check.page-suspicious.title': 'Suspicious page in a web folder',
  'check.page-suspicious.meaning':
    'A page with parts of a remote control lies where the web server would run it; it is none of the product.',
  'check.page-elsewhere.title': 'Remote-control content outside the web folders',
  'check.page-elsewhere.meaning':
    'Content of a remote control where no web server would run it: a sample, a rule, a backup or a tool as a rule.',
  'check.page-used.title': 'Requests with a body to an unknown page',
  'check.page-used.meaning': 'A page that is none of the product was sent data and answered.',
  'check.page-known-used.title': 'A back door was used',
  'check.page-known-used.meaning': 'The page of a known back door was sent data and answered.',
  'check.page-seen.title': 'Unknown page answers',
  'check.page-seen.meaning':
    'A page that is none of the product answered a request without data: it was there, no more.',
  'check.page-probed.title': 'A back door was looked for',
  'check.page-probed.meaning': 'Somebody asked for the page of a known back door and sent it nothing.',
  'check.archive-staged.title': 'Packed file in a web folder',
  'check.archive-staged.meaning':
    'A packed file, a memory dump or a mailbox file lies where it can be fetched from outside.',
  'check.page-compiled.title': 'Unknown page was compiled',
  'check.page-compiled.meaning':
    'The web server compiled, so it ran, a page that is none of the product. Its source may be gone since.',
  'check.page-content-compiled.title': 'Remote-control page was compiled',
  'check.page-content-compiled.meaning':
    'What the web server compiled, so ran, is a page that runs what a request tells it.',
  'check.page-gone.title': 'Source of a compiled page is gone',
  'check.page-gone.meaning':
    'The page was compiled and does not lie in its folder any more: it was taken away.',
  'check.configured-directory.title': 'Virtual directory that is none of the product',
  'check.configured-directory.meaning':
    'The configuration serves a folder where no web content belongs; pages in it are reached under the name of another.',
  'check.configured-module.title': 'Module that is none of the product',
  'check.configured-module.meaning':
    'Code that came with no known product runs inside the web server and sees every request.',
  'check.configured-agent.title': 'Transport agent that is none of the product',
  'check.configured-agent.meaning': 'Code that came with no known product sees and changes every mail.',
  'check.configured-handler.title': 'Configuration runs what should not run',
  'check.configured-handler.meaning':
    'The configuration hands requests to something that has no place there, or elsewhere.',
  'check.configured-unknown.title': 'Configured by somebody else than the product',
  'check.configured-unknown.meaning':
    'An addition of another vendor or of the owner; ask them whether it is theirs.',
  'check.logs-hidden.title': 'Web logs are kept from telling',
  'check.logs-hidden.meaning': 'Logs of one place are off, or all are written where nobody looks for them.',
  'check.logs-changed.title': 'Web logs are not as they come',
  'check.logs-changed.meaning': 'Logs are off, moved or lack fields: look for them there, and expect holes.',
  'check.rewrite-mitigation.title': 'Mitigation by rewriting',
  'check.rewrite-mitigation.meaning': "A rewrite rule of Microsoft's mitigation stands in the configuration.",
  'check.rewrite-weak.title': 'Mitigation that does not hold',
  'check.rewrite-weak.meaning':
    "A rewrite rule of Microsoft's mitigation is of an early form, changed or off: it counts as no mitigation.",
  'check.page-look-alike.title': 'Page named like a genuine one',
  'check.page-look-alike.meaning':
    'A page that is none of the product has a name that passes for one of its pages.',
  'lookalike.letters': 'named like {genuine}, some letters differ',
  'lookalike.signs': 'named like {genuine}, with other signs that look the same',
  'lookalike.folder': 'has the name of {genuine}, in another folder',
  'check.device-name.title': 'Folder or file with the name of a device',
  'check.device-name.meaning':
    'Made so that Explorer and some scanners cannot open it; no product does that.',
  'check.device-name-elsewhere.title': 'Name of a device outside of the usual places',
  'check.device-name-elsewhere.meaning': 'Archives of other systems may hold such names.',

  'aside.defender': 'known visitor: {kind} ({source})',
  'aside.inert': 'lies where no web server would run it: {where}',
  'aside.not-served': 'lies outside the folders that the web server runs pages from',
  'aside.in-archive': 'lies inside of an archive, from which no web server runs it',
  'aside.not-run': 'the web server would not run a file with this ending',
  'aside.product-page': 'a page of the product; compare its hash with the build',
  'aside.probe': "the product's own monitoring (address, agent or account, and address of the request)",
  'aside.probes':
    "requests of the product's own monitoring (by address, agent or account, and what was asked for), among {sampled} that were drawn evenly",
  'aside.answers-all': 'the server answers any name in {folder} in this way',
  'aside.custom':
    'in use on {days} days by {addresses} addresses since the logs begin, before any attempt: a page of the organisation, as it seems',
  'aside.custom-file':
    'its file is harmless and older than the first attempt: a page of the organisation, as it seems',
  'aside.undated': 'a listing names it without a time: a name alone is a lead',
  'aside.other-time': 'made outside of the time of the campaign',
  'aside.read':
    'its content was read and holds nothing of a remote control, and no attack on the server was seen; somebody of the organisation may say whose page it is',
  'aside.review': 'ruled {disposition} by {author} on {date}',
  'aside.no-pack': 'from a rule without a declared meaning: a lead',

  'aside.outside-asked': 'records that rules or checks speak of, outside of the time that was asked for',

  'asked.since': 'from {from} on',
  'asked.until': 'until {to}',
  'asked.between': 'from {from} to {to}',

  'clock.format': 'times of this format are UTC',
  'clock.measured':
    'in {count} records the second time is {offset} from the labelled one (median): the zone is mislabelled',
  'clock.group': 'measured in {count} records of the same host and export: {offset} (median)',
  'clock.agrees': 'the two times of {count} records agree',
  'clock.drift':
    'the two times of {count} records differ by {offset} (median); not near a zone, left as it is',
  'clock.stated': 'stated by the examiner: {offset}',
  'clock.assumed': 'no second time in the records; taken as UTC',
  'clock.unknown': 'nothing tells its zone; not joined with others by time alone',

  'build.unknown': '{build} (not in the table)',
  'build.update-unknown': '{name} (update not told)',
  'build.between': '{name} or later',
  'exposure.not-affected': '{product} is not open to it',
  'exposure.included': '{name} shipped with the fix',
  'exposure.fixed': '{name} has the fix',
  'exposure.installed': '{name}, which has the fix, was installed on {date}, so it was not there before',
  'exposure.open': '{name} lacks the fix',
  'exposure.cu-only': 'CU known ({name}), update not',
  'exposure.no-table': 'build {build} is not in the table',
  'exposure.no-build': 'no build was seen',
  'exposure.not-listed': 'no build in the table names this CVE',
  'exposure.proved': 'proved by what the server answered ({findings})',
  'exposure.mitigated': 'a mitigation was recorded: {titles} ({findings})',
  'exposure.mitigated-undated': 'a mitigation is in place, since when is not told: {titles} ({findings})',

  'door.open': '{name} ({basis}) was the last build seen, on {date}; it lacks a fix',
  'door.open-undated': '{name} ({basis}) was the last build seen; it lacks a fix',
  'door.closed': '{open} was seen until {last}, {name} with all fixes from {date} on ({basis})',
  'door.closed-before': '{name} with all fixes was there when a build was first seen, on {date} ({basis})',
  'door.installed': '{name} with all fixes was installed on {date} ({basis}), so it was not there before',
  'door.closed-undated': '{name} has all fixes ({basis}); when it came is not told',
  'door.cu-only': 'only the CU is known, {name}, from {basis}; before {date} no fix existed for it',
  'door.cu-only-undated': 'only the CU is known, {name}, from {basis}',
  'door.proved': '{build}; that it was open is proved by what the server answered on {date}',
  'door.unknown': 'no build was seen',
  'door.no-fix': 'no update for this CU has the fix',
  'door.mitigated': 'not fixed by a build; a mitigation of {cve} was recorded on {date}',
  'door.mitigated-undated': 'a mitigation of {cve} is in place, since when is not told',

  'basis.log-header': 'headers of logs',
  'basis.log-column': 'build columns of logs',
  'basis.file-version': 'versions of files',
  'basis.installer-event': 'events of the installer',
  'basis.setup-log': 'the log of the setup',
  'basis.page-path': 'paths of pages',

  'limit.family-absent': '{title}: none in this collection',
  'limit.family-not-read': '{title}: none read before the scan was stopped',
  'limit.gap.trimmed': '{title} {from} to {to}: trimmed or rolled over',
  'limit.gap.no-traffic': '{title} {from} to {to}: no traffic',
  'limit.gap.server-down':
    '{title} {from} to {to}: all logs are silent; the server was down, or all were taken away (no shutdown is recorded)',
  'limit.gap.server-down-recorded':
    '{title} {from} to {to}: the server was down (shutdown or start recorded)',
  'limit.gap.removed-or-cleared': '{title} {from} to {to}: removed or cleared (other logs run on)',
  'limit.gap.not-collected': '{title} {from} to {to}: not in this collection',
  'limit.gap.damaged': '{title} {from} to {to}: lost in damaged files',
  'limit.gap.not-read': '{title} {from} to {to}: not read, for the scan was stopped',
  'limit.gap.unknown': '{title} {from} to {to}: missing, cause not known',
  'limit.question': '{question} of {cve}: {days} of {total} days of the window cannot be judged',
  'limit.presumption':
    'If this server could be reached from the internet in the exploitation window without a mitigation, act as if it were compromised.',
  'limit.asked':
    'As asked, only what happened {times} was judged; what came before or after was read and does not count.',
  'limit.asked-more':
    'Outside of that time records speak of an intrusion ({count}): judge the whole time before you rely on this.',
  'limit.in-service':
    'As stated, the server is in service since {date}: what the campaign did before could not reach it and was not asked for.',
  'limit.in-service-older':
    'The server is said to be in service since {date}, and its records begin on {first}: the whole time of the campaign was judged.',
  'limit.incomplete': 'The scan was stopped before its end.',
  'limit.skipped': '{count} files were not read: {reasons}',
  'limit.evtx':
    '{count} Windows event logs (.evtx) lie in the evidence and were not read: commands and files that only they show stay unknown.',
  'limit.excerpt': 'Rows that a tool exported show findings and cover nothing.',
  'limit.unnamed':
    'No record names this server; it is called after its collection. State its name with --server NAME=PATH.',
  'limit.unassigned': '{count} sources could not be given to a server; state them with --server NAME=PATH.',
  'limit.proxy': 'A proxy ({address}) passes on requests; clients behind it cannot be told apart by address.',
  'limit.proxy-named':
    'A proxy ({address}) passes on requests; who is behind it is taken from what it says (X-Forwarded-For), where a log has that.',
  'limit.clock': 'Sources with unknown clocks are not joined with others by time alone.',
  'limit.review': 'Without the rulings of people the verdict would be: {verdict}.',
  'limit.entry-unknown': 'The way in was not seen: the logs of that time are missing.',
  'limit.entry-unseen':
    'The way in was not seen in the logs that would show it: it lies outside of their time, or was another one.',
  'limit.court-removal':
    '{name}: one request with data and then no more between 9 and 13 April 2021; this may be the court-authorised removal.',
  'limit.held': 'This holds for what was seen until {date}; what came after is not told.',

  'against.no-attempt': 'No attempt was seen in the logs that would show one.',
  'against.no-use': 'No use of a back door was seen in the logs that would show it.',
  'against.host-only': 'Only records of the host speak for it; the web logs are missing.',
  'against.own-files':
    'Only unknown pages or packed files in web folders speak for it; the organisation’s own would look the same. Who knows whose they are can rule so (--review).',
  'against.exposed': 'The door was open in the window.',
  'against.proved': 'The flaw was proved: the server answered as an open one does.',

  'change.family': '{title} of {times}',
  'change.system': 'the System event log of {times}: was the server down?',
  'change.span': '{from} to {to}',
  'change.spans': '{first} and {last}',
  'change.in-service':
    'the day on which it was put into service, if that was after the campaign began (--in-service NAME=DAY)',
  'change.files': 'a listing of the file system ($MFT, USN) or the web folders themselves',

  'operators.none': 'nobody was seen to come through',
  'operators.no-address': 'somebody came through; no record names an address',
  'operators.range':
    'groups by address, network, session and uncommon agent; addresses behind NAT, VPN exits and shared tools may be one or several',
  'operators.unheld':
    'of some back doors nobody is known to have placed or used them; each may be of somebody else',
  'operators.exact': 'groups by address, network, session and uncommon agent agree',
  'operators.proxy': 'clients stand behind a proxy and are told apart by agent only',
  'operator.address': 'the same address',
  'operator.network': 'addresses of one network',
  'operator.agent': 'the same uncommon agent',
  'operator.session': 'records of one session',
  'operator.file': 'asked for the same packed file',
  'operator.followed': 'Other requests by the same visitor',
  'operator.bytes-logged': 'bytes sent to it in {count} requests, as logged',
  'operator.placed': 'placed a back door of its own',
  'operator.shared': 'used a back door that others placed or used',
  'operator.no-address': 'no record names an address',
  'operator.proxy': 'stands behind a proxy',
  'operator.bytes-unknown': 'the logs do not say how much was sent',
  'operator.bytes-sum': 'sum of what left',

  'impact.status.bytes': 'bytes sent as logged',
  'impact.status.size': 'size of the file, times completed requests ({count})',
  'impact.status.part': 'size of the part that was collected, times completed requests ({count})',
  'impact.status.unknown': 'the logs do not say how much',
  'impact.mailboxes': 'mailboxes on this server',
  'impact.credentials': 'credentials in the memory and files of this server',
  'impact.could': 'reachable for who was inside; no record of reading it',
  'impact.class': 'class not stated',

  'timeline.placed': 'back door placed: {name}',
  'timeline.used': 'back door first used: {name}',
  'timeline.removed': 'back door removed: {name}',
  'timeline.build': '{name} was seen for the first time',
  'timeline.court': 'may be the court-authorised removal: {name}',
  'timeline.claim': '{claimant}: {statement}',

  'advice.preserve.title': 'Preserve memory, disk and logs before anything else',
  'advice.preserve.step':
    'Copy memory, disk and all logs of {servers} before patching, deleting or restarting.',
  'advice.preserve.retention': 'The {title} log of {day} on {server} will be trimmed on {trimmed}.',
  'advice.preserve.trimmed':
    'The {title} log of {day} on {server} is kept until {trimmed} only; it may be gone already.',
  'advice.preserve.done':
    'An image of memory and disk and a copy of all logs lie off the server, with their hashes.',
  'advice.preserve.source': 'Postern',

  'name.unassigned': 'unassigned',

  'verify.present': 'still there',
  'verify.returned': 'came back after it had been removed',
  'verify.same-content': 'the same content still lies there, and AFTER does not count it',
  'verify.used': 'used after BEFORE ended, last on {date}',
  'verify.removed': 'AFTER has its removal',
  'verify.removed-before': 'AFTER has a removal, but nothing says that it came after BEFORE',
  'verify.removed-by-log': 'requests for it are not answered any more, as the logs tell',
  'verify.listing': 'a listing made after BEFORE ended does not have it',
  'verify.files': 'the files of its folder were collected again, and it was not found among them',
  'verify.configuration': 'the configuration was collected again and does not have it',
  'verify.not-covered': 'AFTER has neither the files of its folder nor a listing that would name it',
  'verify.no-path': 'only logs told of it; a page that nobody asks for leaves no trace in them',
  'verify.no-configuration': 'AFTER does not have the configuration that told of it',
  'verify.records-only': 'records told of it; that they are silent now says nothing',
  'verify.named': 'findings of AFTER name it and do not count: {ids}',
  'verify.skipped': 'AFTER has a file of this name that was not read',
  'verify.no-server': 'AFTER has nothing of this server',
  'verify.incomplete': "AFTER's scan was stopped before its end",
  'verify.asked': 'AFTER was judged for a stretch of time only (--since, --until)',
  'verify.packs': 'AFTER was not judged by what judged BEFORE ({packs})',
  'verify.baseline': 'AFTER was scanned with another --baseline than BEFORE',
  'verify.damaged': 'AFTER was not read whole ({code})',
  'verify.earlier': 'AFTER does not reach beyond the end of BEFORE',
  'verify.no-times': 'it cannot be told whether AFTER was collected later: records of both would show it',
  'verify.flaw-unknown': 'AFTER does not show the build',
  'verify.flaw-proved': 'AFTER shows that the flaw was still open on {date}',
  'verify.advice.implants': '{closed} of {count} back doors closed',
  'verify.advice.more': '{count} back doors closed; the rest is for people to look at',
  'verify.advice.flaws': '{closed} of {count} flaws fixed',
  'verify.advice.mitigated':
    '{closed} of {count} flaws fixed or mitigated; whether a mitigation works is for people to try',
  'verify.advice.no-flaws': 'no state of the flaws is known',
  'verify.advice.people': 'for people to tick: evidence of the server cannot show it',
} as const;

export type MessageKey = keyof typeof messages;

export function isMessageKey(text: string): text is MessageKey {
  return Object.hasOwn(messages, text);
}

/** Fills a sentence of the catalogue. A parameter that is not given stays visible. */
export function say(key: MessageKey, parameters: Readonly<Record<string, string | number>> = {}): string {
  return messages[key].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    return value === undefined ? whole : String(value);
  });
}
