import { fieldText, recordText, shapeOfRecord, type Batch, type Shape } from '@postern/core';

/** Events of MsiInstaller: an update was installed; a product was installed, well or not. */
const installed = { update: '1022', product: '1033' } as const;
/** The texts of both are some hundred characters long. */
const charactersLookedAt = 4096;
/** `Update 'Security Update for Exchange Server 2016 Cumulative Update 18 (KB5000871) 15.1.2106.13' installed …` */
const update = /Exchange Server[^'"]{1,80}\(KB\d{6,8}\) (\d+(?:\.\d+){3})\b/;
/** Name, version, language and status, as the event's own values or as its message has them. */
const product =
  /(?:"Microsoft Exchange Server"\s*,\s*"(\d+(?:\.\d+){3})"\s*,\s*"\d+"\s*,\s*"0")|(?:Product Name: Microsoft Exchange Server\. Product Version: (\d+(?:\.\d+){3})\..*: 0\b)/;

/** Whether records of this layout may tell of an installation. */
export function tellsOfInstaller({ recorder, constants }: Shape): boolean {
  if (recorder !== 'windows:Application') return false;
  const [id, provider] = [constants.get('EventID'), constants.get('Provider_Name')];
  if (provider !== undefined && provider !== 'MsiInstaller') return false;
  return id === undefined || id === installed.update || id === installed.product;
}

/**
 * The build that an event of the installer says was put in: of an update, which stands in its name, or of a whole
 * cumulative update. Failures (1023, a status other than 0) say nothing.
 */
export function installedBuild(batch: Batch, record: number): string | undefined {
  if (!tellsOfInstaller(shapeOfRecord(batch, record))) return undefined;
  if (fieldText(batch, record, 'Provider_Name') !== 'MsiInstaller') return undefined;
  const id = fieldText(batch, record, 'EventID');
  const text = (): string => recordText(batch, record, charactersLookedAt);
  if (id === installed.update) return update.exec(text())?.[1];
  if (id !== installed.product) return undefined;
  const [, byValues, byMessage] = product.exec(text()) ?? [];
  return byValues ?? byMessage;
}
