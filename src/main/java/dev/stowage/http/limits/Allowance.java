package dev.stowage.http.limits;

import java.time.Duration;

/**
 * What is left of an owner's requests, after one has asked.
 *
 * @param limit requests a minute
 * @param remaining how many may be sent immediately
 * @param isGranted whether the request that asked may be served
 * @param untilNext how long until a request is granted again; zero if it was
 * @param untilFull how long until all requests remain, if no other is sent
 */
record Allowance(int limit, long remaining, boolean isGranted, Duration untilNext, Duration untilFull) {

}
