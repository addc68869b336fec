package dev.stowage.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import dev.stowage.storage.s3.TestBucket;
import dev.stowage.support.Caller;
import dev.stowage.support.SharedBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.simple.JdbcClient;

/** On PostgreSQL and an external store. */
class PostgresCheckTests extends CheckCommandContract {

	@TempDir
	static Path folder;

	private static SharedBacking backing;

	private static StowageServer server;

	@BeforeAll
	static void start() {
		// the tests make its files older
		backing = SharedBacking.ofFiles(folder);
		server = StowageServer.start(folder.resolve("data"), backing.settings());
	}

	@AfterAll
	static void stop() throws IOException {
		server.close();
		backing.close();
	}

	@Override
	Caller alice() {
		return server.alice();
	}

	@Override
	Map<String, String> settings() {
		Map<String, String> settings = new HashMap<>();
		for (String setting : backing.settings()) {
			settings.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
		}
		return settings;
	}

	@Override
	Path objects() {
		return folder.resolve("objects/stowage");
	}

	@Override
	TestBucket bucket() {
		return backing.store();
	}

	@Override
	JdbcClient database() {
		return backing.database();
	}

	@Override
	boolean isSqlite() {
		return false;
	}

}
