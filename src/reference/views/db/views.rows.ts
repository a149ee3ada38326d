import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

@Entity('saved_view')
@Unique('saved_view_name', ['list', 'owner', 'name'])
export class SavedViewRow {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' }) saved_view_id: number;
  @Column('text') list: string;
  @Column('text') owner: string;
  @Column('text') name: string;
  @Column('jsonb') search: Record<string, unknown>;
  @Column('boolean') shared: boolean;
}
