import type { Shape } from '@postern/core';
import { foldText } from '@postern/match';
import {
  exchangeServices,
  providersOfChannels,
  webProducts,
  windowsCategories,
  windowsServices,
  type WindowsSource,
} from './logsource-table.ts';

/** The log source of a rule as it is written, folded. Custom keys are not evaluated. */
export interface LogSource {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
}

/** Which shapes a rule is for: one of several alternatives. Plain data. */
export interface SourceFilter {
  /** {@link Shape.family}. */
  readonly family: string;
  /** Folded; absent: any. */
  readonly channels?: readonly string[];
  /** Folded; counts only where a shape has no channel. */
  readonly providers?: readonly string[];
  readonly eventIds?: readonly number[];
  /** A field that tells the source apart within one event id (`EventType` of registry events). */
  readonly where?: { readonly field: string; readonly values: readonly string[] };
}

/** The shapes that a log source stands for; none if no kind of evidence that Postern reads is of it. */
export function filtersOf(source: LogSource): readonly SourceFilter[] {
  const { category, product, service } = source;
  if (category === 'webserver') return webFilters(source);
  if (product === 'exchange') return exchangeFilters(source);
  if (product === 'windows' && (service === 'file-listing' || service === 'msert'))
    return [{ family: service }];
  if (product !== undefined && product !== 'windows') return [];
  return category === undefined && service === undefined && product === undefined
    ? []
    : windowsFilters(source);
}

function webFilters({ product, service }: LogSource): readonly SourceFilter[] {
  const isOurs =
    (product === undefined || webProducts.includes(product)) && (service === undefined || service === 'iis');
  return isOurs ? [{ family: 'iis' }] : [];
}

function exchangeFilters({ category, service }: LogSource): readonly SourceFilter[] {
  if (category !== undefined) return [];
  const families =
    service === undefined ? exchangeServices : exchangeServices.filter((name) => name === service);
  return families.map((family) => ({ family }));
}

function windowsFilters({ category, service }: LogSource): readonly SourceFilter[] {
  const ofService = service === undefined ? undefined : windowsServices.get(service)?.map(foldText);
  if (service !== undefined && ofService === undefined) return [];
  if (category === undefined) return [windowsFilter({ channels: ofService ?? [] })];
  const ofCategory = windowsCategories.get(category)?.map(windowsFilter) ?? [];
  if (ofService === undefined) return ofCategory;
  return ofCategory.filter(({ channels = [] }) => channels.some((channel) => ofService.includes(channel)));
}

function windowsFilter({ channels, eventIds, where }: WindowsSource): SourceFilter {
  const filter: SourceFilter = {
    family: 'windows-event',
    ...(eventIds && { eventIds }),
    ...(where && { where }),
  };
  if (channels.length === 0) return filter;
  const folded = channels.map(foldText);
  const providers = [...providersOfChannels].filter(([channel]) => folded.includes(foldText(channel)));
  return { ...filter, channels: folded, providers: providers.map(([, provider]) => foldText(provider)) };
}

/** Whether records of this shape can come from that source. {@link SourceFilter.where} is left to the record. */
export function acceptsShape(filter: SourceFilter, shape: Shape): boolean {
  if (filter.family !== shape.family) return false;
  if (filter.eventIds !== undefined && !filter.eventIds.includes(Number(shape.constants.get('EventID'))))
    return false;
  if (filter.channels === undefined) return true;
  const channel = shape.constants.get('Channel');
  if (channel !== undefined && channel !== '') return filter.channels.includes(foldText(channel));
  return filter.providers?.includes(foldText(shape.constants.get('Provider_Name') ?? '')) === true;
}
