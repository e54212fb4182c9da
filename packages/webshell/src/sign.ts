/** How much one trait says. `note`: it says what the page is, not that it is bad. */
export type Weight = 'remote-control' | 'suspicious' | 'note';

/** A trait found at a character of the page. */
export interface Sign {
  readonly code: TraitCode;
  readonly weight: Weight;
  /** Index in the page's text. */
  readonly at: number;
}

/** Codes of traits and what they mean, for people. Codes are stable. */
export const traitTexts = {
  'request-to-eval': 'Evaluates text from the request as script.',
  'request-to-process': 'Starts a program with text from the request.',
  'request-to-assembly': 'Loads or calls .NET code that the request names or carries.',
  'request-to-compiler': 'Compiles source text from the request.',
  'request-to-object': 'Creates an object that the request names.',
  'request-to-reflection': 'Calls a method by name with data from the request.',
  'request-to-deserializer': 'Deserialises data from the request with a formatter that can run code.',
  'request-to-stylesheet': 'Runs a style sheet from the request, with scripts allowed.',
  'request-to-powershell': 'Runs PowerShell text from the request.',
  'request-to-memory': 'Copies data from the request into memory that can run.',
  'request-to-include': 'Includes a file or address that the request names.',
  'request-to-function': 'Calls a function that the request names.',
  'calls-by-variable': 'Calls a function that a variable names, with data from the request.',
  'request-to-class': 'Defines a class from bytes of the request.',
  'request-to-database-shell': 'Runs a program through the database with text from the request.',
  'request-to-address': 'Forwards what it is sent to an address that the request names.',
  'request-to-file': 'Writes content from the request to a file that the request names.',
  'request-to-page': 'Writes content from the request to a page that the server would run.',
  'writes-page': 'Writes a page that the server would run.',
  uploader: 'Saves an uploaded file where the request says, or beside this page under its own name.',
  'upload-keeps-name': "Saves an uploaded file under the visitor's own name without a look at its ending.",
  tunnel: 'Forwards data of the request through a socket.',
  'database-console': 'Runs SQL text from the request on a connection that the request names.',
  'file-explorer': 'Lists folders that the request names.',
  'packet-capture': 'Captures network packets.',
  'oab-script': 'Settings of an offline address book with a script in them: the trace of CVE-2021-27065.',
  'oab-escaped-script':
    'Settings of an offline address book with a script in them that was escaped and does not run.',
  'oab-dump':
    'Settings of an offline address book in a page: the server was told to write its settings here.',
  'evaluates-script': 'Evaluates text as script; where the text comes from could not be followed.',
  'starts-process': 'Starts a program; what decides on it could not be followed.',
  'loads-assembly': 'Loads .NET code from bytes; where they come from could not be followed.',
  'embedded-assembly': 'Carries a .NET assembly in its text and loads it.',
  'compiles-source': 'Compiles source text at run time.',
  'registry-walk': 'Walks through the whole registry, as searches for folders and programs do.',
  'reads-machine-keys': 'Reads the keys that the server signs and encrypts with.',
  'reads-passwords': 'Asks for passwords that the server keeps.',
  'starts-powershell': 'Runs PowerShell inside the server; what decides on it could not be followed.',
  listener: 'Listens for connections of its own.',
  'memory-page': 'Puts pages or routes into the running server that no file shows.',
  'odd-code-page': 'Says it is written in a code page that hides its text.',
  'wiped-script': 'A script of the server holds nothing but blanks: its code was wiped.',
  'declared-call': 'Declares a call that starts programs, loads code or opens files.',
  'shell-client': 'A form that carries server code to be sent to another page.',
  'shell-object': 'Creates the shell object of Windows.',
  'database-shell': 'Uses xp_cmdshell, which starts programs through the database.',
  'native-code': 'Calls Windows functions that put code into memory.',
  'defines-class': 'Defines classes from bytes.',
  'packed-code': 'Evaluates code that it unpacks first.',
  'encoded-script': 'Its script is encoded (Script Encoder).',
  'hidden-script': 'Server code stands behind bytes that are no text.',
  'include-odd': 'Includes a file as code whose ending says it is none.',
  'code-in-config': 'Server code stands in a configuration file.',
  'handler-for-odd-ending': 'Maps an ending that is no page to a handler that runs pages.',
  'rogue-virtual-directory': 'A virtual directory points to a folder where no web content belongs.',
  'rogue-module': "A module that is none of the product's runs inside the web server.",
  'foreign-module': "A module of another vendor's runs inside the web server.",
  'domain-manager': 'An assembly of its own choice is loaded before the application.',
  'rogue-agent': "A transport agent that is none of the product's sees and changes mail.",
  'foreign-agent': "A transport agent of another vendor's sees and changes mail.",
  'rogue-handler': 'Requests are handed to a program or type that has no place there.',
  'foreign-handler': "Requests are handed to a type of another vendor's.",
  'opens-config': 'Configurations can be asked for from outside.',
  'logging-off': 'Web logs are switched off.',
  'logging-moved': 'Web logs are written to another folder.',
  'logging-thin': 'Web logs lack fields that tell who did what.',
  'rewrite-elsewhere': 'Requests are handed on to another server.',
  'rewrite-to-page': 'Requests for a file that runs nothing are answered by a page.',
  'rewrite-adds-script': 'Script is put into what the server answers.',
  mitigation: "The rewrite rule of Microsoft's mitigation.",
  'mitigation-weak': "A rewrite rule of Microsoft's mitigation that does not hold.",
  'compiled-evaluator': 'A compiled page that reads the request and evaluates script.',
  'compiled-runner': 'A compiled page that reads the request and can start programs or load code.',
} as const;

export type TraitCode = keyof typeof traitTexts;
