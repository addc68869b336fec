package dev.stowage.command;

import picocli.CommandLine.IVersionProvider;

/** The version of the jar, for {@code --version}. */
final class JarVersion implements IVersionProvider {

	@Override
	public String[] getVersion() {
		String version = JarVersion.class.getPackage().getImplementationVersion();
		return new String[] { "Stowage " + ((version != null) ? version : "(development)") };
	}

}
