import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { HttpClient } from './http-client.js';

// In: requests to others. Out: their answers. Owns: the connections to them.
@Module({ providers: [HttpClient], exports: [HttpClient] })
export class HttpModule implements OnApplicationShutdown {
  constructor(private readonly http: HttpClient) {}

  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }
}
