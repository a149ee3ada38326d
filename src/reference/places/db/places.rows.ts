import { Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

@Entity('place')
@Unique('place_code', ['code'])
@Index('place_parent', ['parentId'])
export class PlaceRow {
  @PrimaryGeneratedColumn('identity', { name: 'place_id', type: 'integer', generatedIdentity: 'BY DEFAULT' })
  placeId: number;

  @Column('text')
  code: string;

  @Column('text')
  name: string;

  @Column('text')
  kind: string;

  @Column('integer', { name: 'parent_id', nullable: true })
  parentId: number | null;

  @Column('text', { name: 'time_zone', nullable: true })
  timeZone: string | null;

  @Column('jsonb', { nullable: true })
  capacity: unknown;
}
