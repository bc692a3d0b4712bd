package dhtcore

import (
	"net/url"
	"os"
	"path/filepath"

	"dhtop/dhtcore/sandbox"
	"dhtop/dhtcore/store"
)

// The types of the sandbox under the name of its package.
type (
	SandboxFiles = sandbox.Files
	SandboxState = sandbox.State
)

// Confine takes from the process the right to open files other than those that the Explorer uses and more. It holds for the
// process, for good, and says whether it is so; Snapshot.Checkup has it too.
func (e *Explorer) Confine(more SandboxFiles) SandboxState {
	files := e.files()
	files.Read, files.Write = append(files.Read, more.Read...), append(files.Write, more.Write...)
	files.Remove = more.Remove
	state := sandbox.Confine(files)
	e.checker.setSandbox(state)
	e.changes.Add(1)
	return state
}

// Unconfined notes why Confine was not called.
func (e *Explorer) Unconfined(why string) {
	e.checker.setSandbox(SandboxState{Why: why})
	e.changes.Add(1)
}

// files are what the Explorer opens while it runs. Files that are replaced by renaming are there with their directories.
func (e *Explorer) files() (f SandboxFiles) {
	if e.cfg.DataDir != "" {
		f.Write = append(f.Write, e.cfg.DataDir)
	}
	switch {
	case !e.store.enabled():
	case store.IsPostgres(e.cfg.Store):
		f.Read = append(f.Read, postgresFiles(e.cfg.Store)...)
		if e.cfg.DataDir == "" {
			f.Write = append(f.Write, os.TempDir()) // of the spool
		}
	default:
		if path, err := store.Path(e.cfg.Store); err == nil {
			f.Write = append(f.Write, filepath.Dir(path))
		}
	}
	if e.cfg.Record.Path != "" {
		f.Write = append(f.Write, e.cfg.Record.Path)
	}
	for _, path := range e.cfg.MMDB {
		f.Read = append(f.Read, filepath.Dir(path))
	}
	lists := []string{e.cfg.TrackerAllow, e.cfg.TrackerDeny}
	if e.cfg.Watch != nil {
		lists = append(lists, e.cfg.Watch.File)
	}
	for _, path := range lists {
		if path == "" {
			continue
		}
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			path = filepath.Dir(path)
		}
		f.Read = append(f.Read, path)
	}
	return f
}

// postgresFiles are the files of a client of PostgreSQL: certificates and passwords, as libpq finds them.
func postgresFiles(to string) (paths []string) {
	for _, name := range []string{"PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY", "PGPASSFILE", "PGSERVICEFILE"} {
		paths = append(paths, os.Getenv(name))
	}
	if u, err := url.Parse(to); err == nil {
		for _, name := range []string{"sslrootcert", "sslcert", "sslkey", "passfile", "servicefile"} {
			paths = append(paths, u.Query().Get(name))
		}
	}
	if home, err := os.UserHomeDir(); err == nil {
		paths = append(paths, filepath.Join(home, ".postgresql"), filepath.Join(home, ".pgpass"), filepath.Join(home, ".pg_service.conf"))
	}
	return paths
}
