import { Module } from '@nestjs/common';
import { PutInstruction } from './app/put-instruction';
import { RetireInstruction } from './app/retire-instruction';
import { InstructionsController } from './http/instructions.controller';

@Module({ providers: [PutInstruction, RetireInstruction], controllers: [InstructionsController] })
export class InstructionsHttpModule {}
