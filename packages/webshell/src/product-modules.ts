import { words } from './words.ts';

/**
 * Native modules that come with Windows (IIS 7.5 to 10) and with Microsoft's own add-ons: file names below
 * `%windir%\System32\inetsrv`. From the features of IIS and the configurations in microsoft/CSS-Exchange.
 */
export const inetsrvModules: ReadonlySet<string> = words(`
  authanon.dll authbas.dll authcert.dll authmap.dll authmd5.dll authsspi.dll cachfile.dll cachhttp.dll cachtokn.dll
  cachuri.dll cgi.dll compdyn.dll compstat.dll custerr.dll defdoc.dll dirlist.dll diprestr.dll filter.dll iis_ssi.dll
  iisetw.dll iisfcgi.dll iisfreb.dll iisreqs.dll iiswsock.dll iprestr.dll isapi.dll logcust.dll loghttp.dll
  modrqflt.dll protsup.dll redirect.dll requestrouter.dll rewrite.dll static.dll urlauthz.dll validcfg.dll warmup.dll
  webdav.dll webdav_simple_lock.dll webdav_simple_prop.dll webdav_simple_property.dll aspnetcore.dll aspnetcorev2.dll
  arr_helper.dll ecache.dll iiswbcache.dll cookieauth.dll nativerd.dll asp.dll smtpsnap.dll
`);

/** Other native modules and filters of Microsoft, by the end of their path. */
const systemModules: readonly RegExp[] = [
  /^[a-z]:\\windows\\(?:system32|syswow64)\\(?:wsmsvc|rpcproxy\\rpcproxy|rpcproxy\\rpcproxyshim|bitssrv|inetsrv\\asp)\.dll$/,
  /^[a-z]:\\windows\\microsoft\.net\\framework(?:64)?\\v[\d.]+\\(?:webengine4?|aspnet_filter|aspnet_isapi)\.dll$/,
  /^[a-z]:\\program files(?: \(x86\))?\\iis\\(?:asp\.net core module\\v\d\\aspnetcorev\d|application request routing\\(?:requestrouter|arr_helper|ecache)|microsoft web farm framework\\[\w.]+|httpplatformhandler\\httpplatformhandler|iis compression\\[\w.]+|iiscors\\iiscors)\.dll$/,
  /^[a-z]:\\program files(?: \(x86\))?\\iis express\\(?:asp\.net core module\\v\d\\aspnetcorev\d|webmatrixsup)\.dll$/,
];
/** Where IIS and IIS Express keep their own. */
const ownFolder =
  /^[a-z]:\\(?:windows\\(?:system32|syswow64)\\inetsrv|program files(?: \(x86\))?\\iis express)\\[^\\]+$/;
/** Of Exchange, below its folder. */
const exchangeModules =
  /^(?:frontend\\httpproxy\\bin\\(?:exppw|owaauth|airfilter)|clientaccess\\owa\\auth\\(?:exppw|owaauth)|clientaccess\\(?:owa|sync)\\(?:bin|auth)\\(?:exppw|owaauth|airfilter)|bin\\(?:kerbauth|exppw|owaauth))\.dll$/;

/** Where Exchange is installed if nobody says otherwise. */
const usualRoot = /^[a-z]:\\program files\\microsoft\\exchange server\\v1[45](?=\\)/;

/** True if a native module or filter at this path (in one form) is one of the products'. */
export function isProductModule(path: string, exchange: string | undefined): boolean {
  const name = path.slice(path.lastIndexOf('\\') + 1);
  if (ownFolder.test(path) && inetsrvModules.has(name)) return true;
  if (systemModules.some((pattern) => pattern.test(path))) return true;
  const roots = [exchange, usualRoot.exec(path)?.[0]].filter((root) => root !== undefined);
  return roots.some(
    (root) => path.startsWith(`${root}\\`) && exchangeModules.test(path.slice(root.length + 1)),
  );
}

/** File names that belong to a product in one place only; the same name elsewhere hides something. */
export function isProductModuleName(name: string): boolean {
  return (
    inetsrvModules.has(name) ||
    /^(?:exppw|owaauth|airfilter|kerbauth|webengine4?|rpcproxy|wsmsvc)\.dll$/.test(name)
  );
}

/** Managed types that are the products' own, by the beginning of their name. */
const productTypes =
  /^(?:system\.(?:web|xaml|servicemodel|identitymodel|net|io\.compression|diagnostics|security|data|runtime)\.|microsoft\.(?:exchange|office|web|aspnet|identitymodel|owin|applicationinsights|security\.application|management|windows|clients|forefront|dynamics|sharepoint)\.)/;

/** True if the type of a managed module, handler or factory is one of the products' own. */
export function isProductType(type: string): boolean {
  const [name = '', assembly = ''] = type
    .toLowerCase()
    .split(',')
    .map((part) => part.trim());
  // A type's name is its author's choice; its assembly's too, but the two have to agree.
  return (
    productTypes.test(`${name}.`) &&
    (assembly === '' || productTypes.test(`${assembly}.`) || assembly === 'system.web')
  );
}

/** Signed with a key: the type names its token. Attackers may do so too; products nearly always do. */
export function hasKeyToken(type: string): boolean {
  return /publickeytoken\s*=\s*[0-9a-f]{16}/i.test(type);
}
