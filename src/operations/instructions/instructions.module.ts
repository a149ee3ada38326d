import { Module } from '@nestjs/common';
import { PutInstruction } from './app/put-instruction';
import { RetireInstruction } from './app/retire-instruction';
import { InstructionsController } from './http/instructions.controller';

@Module({ providers: [PutInstruction, RetireInstruction], exports: [PutInstruction, RetireInstruction] })
export class InstructionsModule {}

/** Instructions with their routes: loaded by the api. */
@Module({ imports: [InstructionsModule], controllers: [InstructionsController] })
export class InstructionsHttpModule {}
