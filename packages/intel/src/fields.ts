import type { Shape } from '@postern/core';

/** What a field of a record holds, as far as indicators are concerned. */
export type FieldRole =
  | 'client'
  | 'peer'
  | 'host-name'
  | 'path'
  | 'command'
  | 'agent'
  | 'url-path'
  | 'query'
  | 'method'
  | 'hashes'
  | 'service';

/** As the formats write them. Addresses of the server itself (`s-ip`, `LocalAddress`) are none of its visitors. */
const roles: Readonly<Record<FieldRole, readonly string[]>> = {
  client:
    words(`c-ip ClientIpAddress client-ip X-Forwarded-For cs(X-Forwarded-For) X_Forwarded_For original-client-ip
    IpAddress SourceNetworkAddress ClientAddress`),
  peer: words('DestinationIp SourceIp DestAddress SourceAddress remote-endpoint QueryResults'),
  'host-name': words(`QueryName DestinationHostname SourceHostname cs-host cs(Referer) UrlHost CommandLine
    ProcessCommandLine ParentCommandLine ScriptBlockText Payload TaskContent ImagePath ServiceFileName Details
    Message Data text`),
  path: words(`TargetFilename Image ParentImage NewProcessName ParentProcessName ImageLoaded RelativeTargetName
    ObjectName Path ProcessName SourceImage TargetImage FileName ImagePath ServiceFileName`),
  command:
    words(`CommandLine ProcessCommandLine ParentCommandLine ScriptBlockText Payload TaskContent TaskName
    ImagePath ServiceFileName TargetFilename Image NewProcessName RelativeTargetName ObjectName Path Details
    Message Data text`),
  agent: words('cs(User-Agent) UserAgent user-agent ClientInfo'),
  'url-path': words('cs-uri-stem UrlStem cs-uri'),
  query: words('cs-uri-query UrlQuery EventData CMD Parameters AttributeValue Message Data text'),
  method: words('cs-method Method'),
  hashes: words('Hashes Hash SHA256 SHA1 MD5'),
  service: words('ServiceName'),
};

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}

const folded = new Map(
  Object.entries(roles).map(([role, names]) => [role, names.map((name) => name.toLowerCase())]),
);

/** The fields of a shape that play a role, in the shape's order; names are compared without regard to case. */
export function fieldsFor(shape: Shape, role: FieldRole): string[] {
  const names = folded.get(role) ?? [];
  return shape.fields.filter((field) => names.includes(field.toLowerCase()));
}

/** Every field name that may play a role, as rules name the fields of their entities. */
export function fieldNames(role: FieldRole): readonly string[] {
  return roles[role];
}
