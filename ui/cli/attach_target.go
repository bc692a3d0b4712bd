package cli

import (
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/ui/attach"
	"dhtop/ui/cli/config"
	"dhtop/ui/cli/settings"
	"dhtop/ui/socket"
)

// target is a node to attach to.
type target struct {
	name   string
	at     attach.Target
	token  func() (string, error) // nil for none
	holder func() string          // what it is called now, in place of name; nil for name
}

// attachable reports whether a dhtop that uses a data directory can be attached to.
func attachable(dir string) bool { return socket.Alive(attachSocket(dir)) }

// ownTarget is the node of a data directory.
func ownTarget(dir string) target {
	at, _ := attach.ParseTarget("unix:" + attachSocket(dir)) // it is one
	return target{name: dir, at: at, holder: func() string {
		if holder := dhtcore.HolderOf(dir); holder != "" {
			return holder
		}
		return dir
	}}
}

// readTargets returns the nodes that args name, or that of the data directory. Each is there once.
func readTargets(cmd *cobra.Command, s *settings.Settings, args []string) (all []target, err error) {
	if len(args) == 0 {
		return []target{ownTarget(s.Explorer.DataDir)}, nil
	}
	named, err := config.ReadTargets(cmd)
	if err != nil {
		return nil, err
	}
	tokenFile, _ := cmd.Flags().GetString("token-file")
	for _, arg := range args {
		t := target{name: strings.TrimPrefix(arg, "http://")}
		to, file := arg, tokenFile
		if n, known := named[arg]; known {
			t.name, to = arg, n.URL
			if n.TokenFile != "" {
				file = n.TokenFile
			}
		} else if !strings.Contains(arg, ":") {
			names := make([]string, 0, len(named))
			for name := range named {
				names = append(names, name)
			}
			slices.Sort(names)
			return nil, fmt.Errorf("there is no %q in the table [targets] of the configuration file%s", arg,
				human.DidYouMean(arg, names, ": want a name there, unix:PATH or http://HOST:PORT"))
		}
		if t.at, err = attach.ParseTarget(to); err != nil {
			return nil, err
		}
		t.token = tokenOf(t.at, file, s.Explorer.DataDir)
		if !slices.ContainsFunc(all, func(other target) bool { return other.at.String() == t.at.String() }) {
			all = append(all, t)
		}
	}
	return all, nil
}

// tokenOf returns what reads the token for a node: from the file that the user has named, from the environment, or, for a
// node on this machine, from the data directory. A socket needs none.
func tokenOf(at attach.Target, file, dir string) func() (string, error) {
	switch {
	case at.Socket():
		return nil
	case file != "":
		return func() (string, error) { return readToken(file) }
	case os.Getenv(config.TokenVariable) != "":
		return func() (string, error) { return strings.TrimSpace(os.Getenv(config.TokenVariable)), nil }
	case onThisMachine(at) && dir != "":
		return func() (string, error) {
			token, err := readToken(filepath.Join(dir, "token"))
			if err != nil {
				return "", nil //nolint:nilerr // the screen looks on then, and says what it lacks
			}
			return token, nil
		}
	}
	return nil
}

// readToken reads the token in a file.
func readToken(file string) (string, error) {
	path, err := config.ExpandHome(file)
	if err != nil {
		return "", err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("cannot read the token in %s: %w", path, human.Cause(err))
	}
	token := strings.TrimSpace(string(b))
	if token == "" || strings.ContainsAny(token, "\r\n") {
		return "", fmt.Errorf("%s does not hold one line with a token", path)
	}
	return token, nil
}

// onThisMachine reports whether a target is at a loopback address.
func onThisMachine(at attach.Target) bool {
	u, err := url.Parse(at.String())
	if err != nil {
		return false
	}
	addr, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && addr.IsLoopback()
}

// completeTargets completes the names of the configuration file, and how addresses begin.
func completeTargets(cmd *cobra.Command, args []string, begun string) (fit []string, directive cobra.ShellCompDirective) {
	directive = cobra.ShellCompDirectiveNoFileComp
	if path, unix := strings.CutPrefix(begun, "unix:"); unix {
		matches, _ := filepath.Glob(path + "*") // an error is one of the pattern
		for _, m := range matches {
			if info, err := os.Stat(m); err == nil && info.IsDir() {
				m += "/"
				directive |= cobra.ShellCompDirectiveNoSpace
			}
			fit = append(fit, "unix:"+m)
		}
		return fit, directive
	}
	named, _ := config.ReadTargets(cmd) // a file that is wrong names none
	for name, n := range named {
		if strings.HasPrefix(name, begun) && !slices.Contains(args, name) {
			fit = append(fit, name+"\t"+n.URL)
		}
	}
	slices.Sort(fit)
	for _, scheme := range []string{"unix:", "http://"} {
		if strings.HasPrefix(scheme, begun) {
			fit = append(fit, scheme)
			directive |= cobra.ShellCompDirectiveNoSpace
		}
	}
	return fit, directive
}
