import {
  CommandId,
  Name,
  OptionalInt,
  OptionalName,
  OptionalNames,
  OptionalOneOf,
  OptionalPart,
  OptionalProse,
  OptionalTime,
  Part,
  Parts,
  Prose,
  SearchPageDto,
} from '@/platform/http';
import { STRATEGIES, type Strategy } from '../domain/order';
import { QuantityDto } from './fields';

const LIFE_DAYS_MAX = 36_500;

export class TermsDto {
  @OptionalName('how much more than ordered may come without a word, percent') overPercent?: string;
  @OptionalName('how much less counts as complete, percent') shortPercent?: string;
  @OptionalInt(0, LIFE_DAYS_MAX, 'days left before its expiry that goods must have') lifeDaysMin?: number;
  @OptionalOneOf(STRATEGIES) strategy?: Strategy;
}

class OrderLineDto {
  @OptionalName('its place in the list, where absent') line?: string;
  @Name() item: string;
  @Part(() => QuantityDto) quantity: QuantityDto;
  @OptionalName('asked for by name') serial?: string;
  @OptionalName('asked for by name') lot?: string;
  @OptionalTime('when it is due') due?: string;
  @OptionalName() place?: string;
  @OptionalPart(() => TermsDto) terms?: TermsDto;
}

export class MakeOrderDto {
  @CommandId() id: string;
  @Name('its number') order: string;
  @Name() partner: string;
  @OptionalTime('when it was ordered; now unless said') at?: string;
  @OptionalProse() note?: string;
  @Parts(() => OrderLineDto) lines: OrderLineDto[];
}

export class ChangeOrderDto {
  @CommandId() id: string;
  @Name() partner: string;
  @OptionalTime('when it was ordered; as before unless said') at?: string;
  @OptionalProse() note?: string;
  @Parts(() => OrderLineDto) lines: OrderLineDto[];
  @Prose() reason: string;
}

export class ReasonDto {
  @CommandId() id: string;
  @Prose() reason: string;
}

export class LinesReasonDto extends ReasonDto {
  @OptionalNames(1_000, 'these lines; the whole order unless said') lines?: string[];
}

class AnnouncedLineDto {
  @OptionalName() line?: string;
  @Name() item: string;
  @Part(() => QuantityDto) quantity: QuantityDto;
  @OptionalName() serial?: string;
  @OptionalName() lot?: string;
  @OptionalName() container?: string;
  @OptionalTime('when it is to arrive') due?: string;
  @OptionalName() place?: string;
}

export class AnnounceDto {
  @CommandId() id: string;
  @OptionalName("the supplier's number of what is on its way") shipment?: string;
  @OptionalTime() at?: string;
  @Parts(() => AnnouncedLineDto) lines: AnnouncedLineDto[];
}

export class OrdersQuery extends SearchPageDto {
  @OptionalName() partner?: string;
  @OptionalName() item?: string;
  @OptionalOneOf(['open', 'done', 'closed']) state?: 'open' | 'done' | 'closed';
}
