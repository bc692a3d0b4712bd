package cli

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/dhtcore/needs"
	"dhtop/ui/attach"
	"dhtop/ui/cli/config"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
	"dhtop/views/screen"
)

// offlineIn are the settings of a node that knows nobody and keeps its data in dir.
func offlineIn(dir, command string) settings.Settings {
	return settings.Settings{Explorer: dhtcore.Config{Command: command, DataDir: dir, Bind: []netip.Addr{netip.MustParseAddr("127.0.0.1")},
		NoIPv6: true, Bootstrap: []string{}, Store: "none"}}
}

// warned reports whether a session has warned of something.
func warned(s *session, of string) bool {
	return slices.ContainsFunc(s.Snapshot().Warnings, func(e dhtcore.Event) bool { return strings.Contains(e.Text, of) })
}

func TestTheNodeOfADataDirectoryListensThereForItsUserAlone(t *testing.T) {
	needs.That(t, runtime.GOOS != "windows", "Unix sockets with rights")
	dir := filepath.Join(t.TempDir(), strings.Repeat("deep/", 30))
	s, err := openSession(t.Context(), offlineIn(dir, "serve"))
	if err != nil {
		t.Fatal(err)
	}
	path := attachSocket(dir)
	if info, err := os.Stat(path); err != nil || info.Mode() != fs.ModeSocket|0o600 {
		t.Errorf("the socket: %v, %v", info, err)
	}
	if !attachable(dir) {
		t.Error("nobody listens at it")
	}
	for name, c := range map[string]settings.Settings{"a guest": offlineIn(dir, "peers"), "a demo": offlineIn(dir, "demo")} {
		c.Explorer.Guest = name == "a guest"
		if name == "a demo" {
			c.Explorer.Demo = &dhtcore.Demo{Nodes: 4}
		}
		other, err := openSession(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if other.viewers.server != nil || len(other.Snapshot().Warnings) > 1 {
			t.Errorf("%s listens too, or warns that it cannot", name)
		}
		other.close() //nolint:errcheck // what it returns is not what this is about
	}
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(path); err == nil {
		t.Error("the socket is left behind")
	}
}

func TestADemoListensInADataDirectoryThatWasPassed(t *testing.T) {
	needs.That(t, runtime.GOOS != "windows", "Unix sockets with rights")
	dir := t.TempDir()
	for name, c := range map[string]struct {
		arg, env string
		want     bool
	}{"the flag": {"--data=" + dir, "", true}, "the environment": {"", dir, false}, "nothing": {"", "", false}} {
		t.Setenv("DHTOP_DATA", c.env)
		cmd := serveCommand(console.Streams{})
		if err := cmd.ParseFlags(slices.DeleteFunc([]string{"--demo", "--demo-nodes=4", c.arg}, func(s string) bool { return s == "" })); err != nil {
			t.Fatal(err)
		}
		given, err := settings.Read(cmd)
		if err != nil {
			t.Fatal(err)
		}
		s, err := openSession(t.Context(), given)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.viewers.server != nil; got != c.want || attachable(dir) != c.want {
			t.Errorf("by %s: it listens: %v", name, got)
		}
		if err := s.close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestANodeThatCannotListenInItsDataDirectorySaysSoAndRuns(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(attachSocket(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := openSession(t.Context(), offlineIn(dir, "serve"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.close() //nolint:errcheck // as above
	if !warned(s, "no other dhtop can attach to this node: "+attachSocket(dir)) {
		t.Errorf("it says %v", s.Snapshot().Warnings)
	}
}

func TestTheExplorerAttachesToTheNodeOfItsDataDirectory(t *testing.T) {
	needs.That(t, runtime.GOOS != "windows", "locks of data directories")
	dir := t.TempDir()
	serve, err := openSession(t.Context(), offlineIn(dir, "serve"))
	if err != nil {
		t.Fatal(err)
	}
	defer serve.close() //nolint:errcheck // as above
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	explorer := startup{Settings: offlineIn(dir, "dhtop"), stop: stop, screen: ctx, opened: make(chan openResult, 1),
		idle: []string{"--port", "--rate"}, warning: make(chan string, 1)}
	core, err := explorer.open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer core.Close()
	holder := fmt.Sprintf("serve, pid %d", os.Getpid())
	want := "attached to " + holder + ", which has settings of its own: --port and --rate have no effect here"
	if err := core.Late(); err == nil || err.Error() != want || <-explorer.warning != want {
		t.Errorf("it warns of %v", err)
	}
	if err := core.Late(); err != nil {
		t.Errorf("it warns again: %v", err)
	}
	await(t, "a picture", func() bool { return core.Link().Shown })
	if link := core.Link(); link.Name != holder || link.Phase != screen.LinkConnected || link.ReadOnly != "" {
		t.Errorf("the connection is %+v", link)
	}
	if shown, its := core.Snapshot().Nodes[0].ID, serve.Snapshot().Nodes[0].ID; shown != its {
		t.Errorf("it shows the node %s, not %s", shown, its)
	}
	if err := explorer.end(ctx, nil); err != nil {
		t.Error(err)
	}
	serve.Note("still here")
	await(t, "the node to go on", func() bool { return warned(serve, "still here") })
}

// await waits until done returns true.
func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 2000 {
		if done() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("waited in vain for %s", what)
}

func TestFlagsWithoutEffectAreThoseOfTheCommandLineThatMakeANode(t *testing.T) {
	cmd := newRoot(console.Streams{}, console.Streams{})
	if err := cmd.ParseFlags([]string{"--rate", "5", "--data", "/d", "--mask-ips", "--theme", "light", "--port=1", "--store", "none", "--for", "1s"}); err != nil {
		t.Fatal(err)
	}
	names := cmd.Flags().Lookup("names")
	names.Changed = true
	cmd.Flags().SetAnnotation("names", config.SourceAnnotation, []string{"DHTOP_NAMES"}) //nolint:errcheck // it is a flag
	if idle := idleFlags(cmd); !slices.Equal(idle, []string{"--port", "--rate", "--store"}) {
		t.Errorf("got %q", idle)
	}
}

// attachWith returns the attach command with a configuration file.
func attachWith(t *testing.T, toml string, args ...string) *cobra.Command {
	t.Helper()
	path := filepath.Join(t.TempDir(), "c.toml")
	if err := os.WriteFile(path, []byte(toml), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd, _, err := newRoot(console.Streams{}, console.Streams{}).Find([]string{attachName})
	if err == nil {
		err = cmd.ParseFlags(append(args, "--config", path))
	}
	if err != nil {
		t.Fatal(err)
	}
	return cmd
}

const someTargets = `
[targets]
seed_box = "http://10.0.0.1:6880"
[targets.home]
url = "unix:/run/dhtop/api"
[serve]
crawl = true
`

func TestTargetsAreNamesOrAddressesAndEachIsShownOnce(t *testing.T) {
	s := settings.Settings{Explorer: dhtcore.Config{DataDir: "/data"}}
	targets := func(args ...string) string {
		all, err := readTargets(attachWith(t, someTargets), &s, args)
		if err != nil {
			return err.Error()
		}
		var b []string
		for _, t := range all {
			b = append(b, t.name+"="+t.at.String())
		}
		return strings.Join(b, " ")
	}
	for args, want := range map[string]string{
		"":                           "/data=unix:/data/attach.sock",
		"seed_box home":              "seed_box=http://10.0.0.1:6880 home=unix:/run/dhtop/api",
		"10.0.0.1:6880 seed_box":     "10.0.0.1:6880=http://10.0.0.1:6880",
		"http://[::1]:6880 unix:a/s": "[::1]:6880=http://[::1]:6880 unix:a/s=unix:a/s",
		"seed-box":                   `there is no "seed-box" in the table [targets] of the configuration file: did you mean "seed_box"?`,
		"x":                          `there is no "x" in the table [targets] of the configuration file: want a name there, unix:PATH or http://HOST:PORT`,
		"ftp://x:1":                  `"ftp://x:1" is no dhtop to attach to: want unix:PATH or http://HOST:PORT`,
	} {
		if got := targets(strings.Fields(args)...); got != want {
			t.Errorf("%q: %s; want %s", args, got, want)
		}
	}
}

func TestAWrongTargetInTheFileIsRefusedWithItsLine(t *testing.T) {
	for toml, says := range map[string]string{
		"targets = 5":                        `c.toml:1: unknown setting "targets"`,
		"[targets]\nhome = 5":                `c.toml:2: the target "home" is a number: want a URL in quotes`,
		"[targets]\nhome = \"nowhere else\"": `c.toml:2: the target "home": "nowhere else" is no dhtop to attach to`,
		"[targets.home]\ntoken-file = \"t\"": `c.toml:1: the target "home" has no url`,
		"[targets]\nhome = { url = \"http://h:1\", tokenfile = \"t\" }": `c.toml:2: the target "home" has no setting "tokenfile": did you mean "token-file"?`,
		"[targets]\nhome = { url = \"http://h:1\", token-file = 1 }":    `c.toml:2: token-file of the target "home" is a number`,
		"[target]\nhome = \"http://h:1\"":                               `unknown table "target": did you mean "targets"?`,
	} {
		for _, command := range []string{"attach", "crawl"} { // the whole file is checked, whichever command runs
			if _, _, err := loaded(t, command, toml); err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %q: %v; want %s", command, toml, err, says)
			}
		}
	}
	if _, _, err := loaded(t, "crawl", someTargets); err != nil {
		t.Error(err)
	}
}

func TestATokenIsSentToThoseOnlyForWhomItIs(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"token": "own\n", "file": "given"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "file")
	for _, c := range []struct{ at, file, variable, want string }{
		{"http://127.0.0.1:1", "", "", "own"},
		{"http://localhost:1", "", "", "own"},
		{"http://[::1]:1", "", "", "own"},
		{"http://10.0.0.1:1", "", "", ""},
		{"http://localhost.example:1", "", "", ""},
		{"http://10.0.0.1:1", file, "set", "given"},
		{"http://127.0.0.1:1", file, "set", "given"},
		{"http://10.0.0.1:1", "", "set", "set"},
		{"unix:/s", file, "set", ""},
	} {
		t.Setenv("DHTOP_TOKEN", c.variable)
		at, err := attach.ParseTarget(c.at)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if read := tokenOf(at, c.file, dir); read != nil {
			if got, err = read(); err != nil {
				t.Fatal(err)
			}
		}
		if got != c.want {
			t.Errorf("%v: the token is %q", c, got)
		}
	}
	t.Setenv("DHTOP_TOKEN", "")
	at, _ := attach.ParseTarget("http://127.0.0.1:1")
	if token, err := tokenOf(at, "", filepath.Join(dir, "none"))(); token != "" || err != nil {
		t.Errorf("a data directory without a token: %q, %v", token, err)
	}
	if _, err := tokenOf(at, filepath.Join(dir, "none"), dir)(); err == nil || !strings.Contains(err.Error(), "cannot read the token in") {
		t.Errorf("a file that is not there: %v", err)
	}
	t.Setenv("DHTOP_TOKEN", "secret")
	if _, warnings, err := loaded(t, "attach", ""); err != nil || len(warnings) > 0 {
		t.Errorf("DHTOP_TOKEN is %v, %v", warnings, err)
	}
}

func TestNamesOfTargetsAreCompleted(t *testing.T) {
	emptyHome(t)
	t.Setenv("DHTOP_CONFIG", attachWith(t, someTargets).Flags().Lookup("config").Value.String())
	const home, seedBox = "home\tunix:/run/dhtop/api\n", "seed_box\thttp://10.0.0.1:6880\n"
	for _, c := range []struct{ done, begun, want string }{
		{"", "", home + seedBox + "unix:\nhttp://\n:6\n"},
		{"home", "", seedBox + "unix:\nhttp://\n:6\n"},
		{"", "ho", home + ":4\n"},
		{"", "x", ":4\n"},
	} {
		var out strings.Builder
		code := Main(append(append([]string{"__complete", "attach"}, strings.Fields(c.done)...), c.begun), strings.NewReader(""), &out, io.Discard)
		if code != exit.Done || out.String() != c.want {
			t.Errorf("%q, %q: %q", c.done, c.begun, out.String())
		}
	}
	var out strings.Builder
	if Main([]string{"__complete", "watch", "--to", "ho"}, strings.NewReader(""), &out, io.Discard); out.String() != home+":4\n" {
		t.Errorf("watch --to: %q", out.String())
	}
}
