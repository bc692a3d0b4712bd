package cli

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/pflag"

	"dhtop/dhtcore"
	"dhtop/ui/api"
	"dhtop/ui/cli/config"
	"dhtop/ui/cli/settings"
)

// confine leaves a command that runs for long its own files: those of the Explorer, the configuration, which a reload reads,
// and the output. It is called once all of them are open.
func (s *session) confine(f *pflag.FlagSet, c *settings.Settings) {
	if c.NoSandbox {
		s.Unconfined("--no-sandbox was passed")
		return
	}
	if len(c.Watch.Exec) > 0 {
		s.Unconfined("--alert-exec runs a command, which may need other files")
		return
	}
	if s.ctx.Value(processKey{}) != nil {
		s.confined = s.Confine(filesOf(f, c)).On
	}
}

// processKey is the key of a context whose program is all of the process, as in no test.
type processKey struct{}

// filesOf are the files of a command that the Explorer does not know of.
func filesOf(f *pflag.FlagSet, c *settings.Settings) (files dhtcore.SandboxFiles) {
	if path, _, err := config.Path(f); err == nil && path != "" {
		files.Read = append(files.Read, path)
		if dir := filepath.Dir(path); !shared(dir) {
			files.Read = append(files.Read, dir) // an editor replaces the file
		}
	}
	if c.HTTP != nil {
		if path, socket := api.SocketPath(c.HTTP.Addr); socket {
			files.Remove = append(files.Remove, filepath.Dir(path))
		}
	}
	if c.Output != "" && c.Output != "-" {
		files.Write = append(files.Write, filepath.Dir(c.Output))
	}
	return files
}

// shared reports whether others keep files in a directory, which a configuration there is no reason to read.
func shared(dir string) bool {
	home, _ := os.UserHomeDir() // "" is none of those
	dir, err := filepath.Abs(dir)
	return err != nil || slices.Contains([]string{"/", "/etc", "/home", "/root", "/run", "/tmp", "/var", "/var/run", "/var/tmp", "/usr/local/etc", home}, dir) ||
		filepath.Dir(dir) == "/home"
}
