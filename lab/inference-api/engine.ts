import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Engine, EngineOptions } from '../parts.ts';
import { composeAnswer, composeCompletion } from './answer.ts';
import {
  type ApiError,
  badRequest,
  invalidFields,
  maxTokensTooLarge,
  METHOD_NOT_ALLOWED,
  NOT_FOUND,
  promptTooLong,
  unknownModel,
} from './api-errors.ts';
import { promptOf } from './chat-template.ts';
import {
  type CompletionRequest,
  type JsonObject,
  parseChatRequest,
  parseJsonBody,
  parseTextRequest,
} from './completion-request.ts';
import { EngineCore } from './engine-core.ts';
import { HttpMetrics } from './http-metrics.ts';
import { PythonPage } from './page-writer.ts';
import { writeProcessMetrics } from './process-metrics.ts';
import { type AnswerShape, CHAT_SHAPE, TEXT_SHAPE, usageOf } from './response-frames.ts';
import { CONTROL_TOKENS, tokenIds } from './tokenizer.ts';
