import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

@Entity('partner')
@Unique('partner_code', ['code'])
export class PartnerRow {
  @PrimaryGeneratedColumn('identity', { name: 'partner_id', type: 'integer', generatedIdentity: 'BY DEFAULT' })
  partnerId: number;

  @Column('text')
  code: string;

  @Column('text')
  name: string;

  @Column('text')
  kind: string;

  @Column('text', { nullable: true })
  email: string | null;

  @Column('text', { nullable: true })
  phone: string | null;

  @Column('text', { nullable: true })
  address: string | null;

  @Column('text', { nullable: true })
  country: string | null;
}
