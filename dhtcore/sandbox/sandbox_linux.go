package sandbox

import (
	"os"
	"path/filepath"
	"strconv"

	"github.com/landlock-lsm/go-landlock/landlock"
	"github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// machine is what the Go library, the resolver and the certificates of the system need.
var machine = []string{
	"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/services", "/etc/gai.conf", "/etc/localtime", "/etc/ssl", "/etc/pki",
	"/etc/ca-certificates", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates", "/usr/share/zoneinfo",
	"/proc", "/sys", "/dev/null", "/dev/urandom",
}

// Confine leaves the process the files, and those of the system that every program needs. Where it cannot, as on a
// kernel without Landlock, it does nothing and says so.
func Confine(f Files) State {
	abi := version()
	if abi < 1 {
		return State{Why: "this kernel has no Landlock: Linux 5.13 has, where it is not turned off"}
	}
	if why := unfit(); why != "" {
		return State{Why: why}
	}
	var rules []landlock.Rule
	add := func(paths []string, dirs, files func(...string) landlock.FSRule) {
		for _, path := range paths {
			info, err := os.Stat(path)
			switch {
			case err != nil:
			case info.IsDir():
				rules = append(rules, dirs(path))
			default:
				rules = append(rules, files(path))
			}
		}
	}
	renames := func(paths ...string) landlock.FSRule { return landlock.RWDirs(paths...).WithRefer() }
	add(f.Write, renames, landlock.RWFiles)
	removes := func(paths ...string) landlock.FSRule {
		return landlock.PathAccess(syscall.AccessFSRemoveFile, paths...)
	}
	add(f.Remove, removes, removes)
	add(f.Read, landlock.RODirs, landlock.ROFiles)
	add(append(machine, resolver()...), landlock.RODirs, landlock.ROFiles)
	if err := landlock.V5.BestEffort().RestrictPaths(rules...); err != nil {
		return State{Why: "the kernel refused it: " + err.Error()}
	}
	return State{On: true, Why: "Landlock, version " + strconv.Itoa(abi)}
}

// version returns the version of Landlock that the kernel has; 0 for none.
func version() int {
	const createRulesetVersion = 1
	v, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, createRulesetVersion)
	if errno != 0 {
		return 0
	}
	return int(v) //nolint:gosec // a small number
}

// resolver is where resolv.conf really is, as the system replaces it when the network changes. In /etc itself that is
// everything there, which an ordinary user may read anyway, but root may not have.
func resolver() []string {
	path, err := filepath.EvalSymlinks("/etc/resolv.conf")
	if err != nil {
		return nil
	}
	if dir := filepath.Dir(path); dir != "/etc" || os.Geteuid() != 0 {
		return []string{dir}
	}
	return nil
}
