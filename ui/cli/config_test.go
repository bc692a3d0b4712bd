package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dhtop/ui/cli/config"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
)

// loaded loads the settings of a command from a file, as if it ran. The home directory is empty.
func loaded(t *testing.T, command, toml string, args ...string) (f *pflag.FlagSet, warnings []string, err error) {
	t.Helper()
	return newLoader(t).load(t, command, toml, args...)
}

// loader is loaded for thousands of files: it defines the flags once.
type loader struct {
	root *cobra.Command
	path string
}

func newLoader(t *testing.T) *loader {
	t.Helper()
	t.Setenv("DHTOP_PORT_MAP", "") // see TestMain: a variable beats the file
	return &loader{newRoot(console.Streams{}, console.Streams{}), filepath.Join(t.TempDir(), "c.toml")}
}

func (l *loader) load(t *testing.T, command, toml string, args ...string) (f *pflag.FlagSet, warnings []string, err error) {
	t.Helper()
	if err := os.WriteFile(l.path, []byte(toml), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd, _, err := l.root.Find(strings.Fields(command))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) { reset(t, f) })
	if err := cmd.ParseFlags(append(args, "--config", l.path)); err != nil {
		return nil, nil, err
	}
	warnings, err = config.Load(cmd)
	return cmd.Flags(), warnings, err
}

// reset gives a flag its default again, after load. A list that args gave would come back longer.
func reset(t *testing.T, f *pflag.Flag) {
	t.Helper()
	var err error
	if list, ok := f.Value.(pflag.SliceValue); !ok && (f.Changed || f.Value.String() != f.DefValue) {
		err = f.Value.Set(f.DefValue)
	} else if ok && f.Changed {
		err = list.Replace(strings.FieldsFunc(strings.Trim(f.DefValue, "[]"), func(r rune) bool { return r == ',' }))
	}
	if err != nil {
		t.Fatalf("--%s: %v", f.Name, err)
	}
	f.Changed = false
	delete(f.Annotations, config.SourceAnnotation)
}

// eachSetting calls do with every setting of every command.
func eachSetting(do func(c *cobra.Command, f *pflag.Flag)) {
	root := newRoot(console.Streams{}, console.Streams{})
	for _, c := range config.Commands(root) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if config.IsSetting(f.Name) {
				do(c, f)
			}
		})
	}
}

// spelled are values of every type that TOML has, with the text that a flag makes of each.
var spelled = []struct{ toml, kind, flag string }{
	{`"7s"`, "text", "7s"}, {"'5'", "text", "5"}, {"5", "whole", "5"}, {"1.5", "number", "1.5"}, {"inf", "number", "+Inf"},
	{"true", "bool", "true"}, {`["a", "b"]`, "list", "[a,b]"}, {"[]", "empty", ""}, {"[5]", "wrong", ""}, {`["a", 5]`, "wrong", ""},
	{`[["a"]]`, "wrong", ""}, {"{ a = 1 }", "wrong", ""}, {"2026-11-28", "wrong", ""}, {"08:00:00", "wrong", ""},
}

// fits are the kinds of spelled that a flag of a type takes.
var fits = map[string]string{
	"string": "text", "stringSlice": "text list", "stringArray": "text list", "bool": "bool", "float64": "whole number", "duration": "text",
	"int": "whole", "int64": "whole", "uint16": "whole", "uint64": "whole",
}

func TestASettingOfTheFileHasItsTypeOrIsRefusedWithItsLine(t *testing.T) {
	checked := map[string]bool{}
	loader := newLoader(t)
	eachSetting(func(c *cobra.Command, f *pflag.Flag) {
		values := spelled
		if checked[f.Name+spelled[0].toml] { // in another command
			values = spelled[2:3]
		}
		for _, v := range values {
			if f.Value.Type() == "duration" && v.flag == "5" { // has no unit
				continue
			}
			own := "# a comment\n[" + c.Name() + "]\n" + f.Name + " = " + v.toml + "\n"
			shared := "\n\n" + strings.ReplaceAll(f.Name, "-", "_") + " = " + v.toml + "\n"
			for _, file := range []string{own, shared} {
				flags, _, err := loader.load(t, strings.TrimPrefix(c.Name(), "dhtop"), file)
				if table := v.toml[0] == '{' && file == shared; table && err != nil && strings.Contains(err.Error(), "c.toml:3") {
					continue
				}
				if strings.Contains(fits[f.Value.Type()], v.kind) {
					want := v.flag
					if _, list := f.Value.(pflag.SliceValue); list && v.kind == "text" {
						want = "[" + want + "]"
					}
					if err != nil || flags.Lookup(f.Name).Value.String() != want || !flags.Changed(f.Name) {
						t.Errorf("%s: %q is %v", c.Name(), file, err)
					}
					continue
				}
				if err == nil || !strings.Contains(err.Error(), "c.toml:3: ") || !strings.Contains(err.Error(), f.Name) || strings.Contains(err.Error(), "\n") {
					t.Errorf("%s: %q: %v", c.Name(), file, err)
				}
			}
			if checked[f.Name+v.toml] {
				continue
			}
			checked[f.Name+v.toml] = true
			if fitting := strings.Contains(fits[f.Value.Type()], v.kind); !fitting && v.toml[0] != '{' { // another command refuses it, too
				if _, _, err := loader.load(t, "import", "\n\n"+f.Name+" = "+v.toml); err == nil {
					t.Errorf("import takes %s = %s", f.Name, v.toml)
				}
			}
		}
	})
	if len(checked) < 300 {
		t.Errorf("only %d settings and values were tried", len(checked))
	}
}

// unfit are texts that a flag or a variable of a type refuses.
var unfit = map[string][]string{
	"bool": {"maybe", "2", "[]"}, "int": {"x", "1.5", "9999999999999999999999", "true"}, "int64": {"x", "1.5"},
	"uint16": {"70000", "-1", "x", "tcp://10.0.0.1:1"}, "uint64": {"-1", "x"}, "float64": {"x", "1,5"},
	"duration": {"5", "x", "1.5", "10 s"},
}

func TestAVariableOrFlagOfAWrongTypeIsRefusedByItsName(t *testing.T) {
	loader := newLoader(t)
	eachSetting(func(c *cobra.Command, f *pflag.Flag) {
		command := strings.Fields(strings.TrimPrefix(c.Name(), "dhtop"))
		for _, value := range unfit[f.Value.Type()] {
			if strings.HasSuffix(f.Name, "port") && strings.Contains(value, "://") { // a service link, see below
				continue
			}
			var out, errs bytes.Buffer
			code := Main(append(command, "--"+f.Name+"="+value), strings.NewReader(""), &out, &errs)
			if code != exit.Usage || !strings.Contains(errs.String(), fmt.Sprintf("--%s %q: want ", f.Name, value)) || strings.Contains(errs.String(), "strconv") {
				t.Errorf("%s --%s=%s: %d, %s", c.Name(), f.Name, value, code, &errs)
			}
			t.Run(c.Name()+" "+f.Name, func(t *testing.T) {
				t.Setenv(config.Variable(f.Name), value)
				_, _, err := loader.load(t, strings.Join(command, " "), "")
				if err == nil || !strings.HasPrefix(err.Error(), config.Variable(f.Name)+": ") || !strings.Contains(err.Error(), "want ") {
					t.Errorf("%s=%s: %v", config.Variable(f.Name), value, err)
				}
			})
		}
		t.Run(c.Name()+" "+f.Name, func(t *testing.T) {
			t.Setenv(config.Variable(f.Name), "")
			if flags, _, err := loader.load(t, strings.Join(command, " "), ""); err != nil || flags.Changed(f.Name) {
				t.Errorf("an empty %s sets it: %v", config.Variable(f.Name), err)
			}
		})
	})
}

func TestAListFromAnySource(t *testing.T) {
	for _, c := range []struct {
		file, variable string
		args           []string
		want           string // or what the error says
	}{
		{file: `bootstrap = "none"`, want: "[none]"},
		{file: `bootstrap = "a:1, b:2,"`, want: "[a:1,b:2]"},
		{file: `bootstrap = ["a:1", "b:2"]`, want: "[a:1,b:2]"},
		{variable: "a:1, b:2", want: "[a:1,b:2]"},
		{file: `bootstrap = "none"`, variable: "a:1", want: "[a:1]"},
		{args: []string{"--bootstrap", "c:3", "--bootstrap", "d:4"}, variable: "a:1", want: "[c:3,d:4]"},
		{file: `bootstrap = []`, want: `c.toml:1: bootstrap is empty: leave it out for its default, or write "none"`},
		{file: `bootstrap = ","`, want: "c.toml:1: bootstrap is empty"},
		{variable: " , ", want: "DHTOP_BOOTSTRAP: bootstrap is empty"},
		{args: []string{"--bootstrap", ""}, want: "--bootstrap is empty"},
	} {
		t.Run("", func(t *testing.T) {
			t.Setenv("DHTOP_BOOTSTRAP", c.variable)
			f, _, err := loaded(t, "serve", c.file, c.args...)
			got := fmt.Sprint(err)
			if err == nil {
				got = f.Lookup("bootstrap").Value.String()
			}
			if !strings.Contains(got, c.want) {
				t.Errorf("%+v: %s", c, got)
			}
		})
	}
}

func TestTablesOfTheFile(t *testing.T) {
	for _, c := range []struct{ command, file, want string }{
		{"serve", "port = 1\n[serve]\nport = 2\n[crawl]\nport = 3", "2"},
		{"crawl", "port = 1\n[serve]\nport = 2\n[crawl]\nport = 3", "3"},
		{"peers", "port = 1\n[serve]\nport = 2\n[crawl]\nport = 3", "1"},
		{"", "port = 1\n[dhtop]\nport = 2", "2"},
		{"demo", "[dhtop]\nport = 2\n[demo]\nport = 4", "4"},
		{"serve", "serve.port = 2", "2"},
		{"serve", "serve = { port = 2, no_ipv6 = true }", "2"},
		{"serve", "port = 0x10\r\n", "16"},
		{"serve", "\ufeffport = 5\r\n", "5"},
		{"serve", "[server]\nport = 2", `c.toml:1: unknown table "server": did you mean "serve"?`},
		{"peers", "\n[servr]\nport = 2", `c.toml:2: unknown table "servr"`},
		{"peers", "[version]\nascii = true", `unknown table "version"`},
		{"peers", "[network]\nport = 2", "such as [serve]"},
		{"peers", "[serve]\n\nprot = 2", `c.toml:3: serve has no setting "prot": did you mean "port"?`},
		{"peers", "[crawl]\nparallel = 2", `crawl has no setting "parallel"`},
		{"peers", "[serve.http]\nport = 2", `c.toml:1: http is a table: want text in quotes`},
		{"peers", "[[serve]]\nport = 2", "c.toml:1: "},
		{"peers", "[crawl]\ntop = \"5\"", "c.toml:2: top is text: want a whole number, without quotes"},
		{"peers", "[port]\nx = 1", `unknown table "port"`},
		{"peers", "prot = 1", `c.toml:1: unknown setting "prot": did you mean "port"?`},
		{"peers", "noipv6 = true", `did you mean "no-ipv6"?`},
		{"peers", "colour = 1", "settings are named like flags"},
		{"peers", "help = true", `unknown setting "help"`},
		{"peers", "config = 'x'", "leave it out"},
		{"peers", "no_ipv6 = true\n\nno-ipv6 = false", "c.toml:3: no-ipv6 is set already by "},
		{"peers", "port = 1\nport = 2", "c.toml:2: port is set already by "},
		{"peers", "# bind\nbind = 127.0.0.1", `c.toml:2: the value of "bind" is not TOML`},
		{"peers", "bootstrap = none", "c.toml:1: the value of"},
		{"peers", "no-ipv6", "c.toml:1: this line is not TOML"},
		{"peers", "\xff\xfep\x00", "save it as UTF-8"},
	} {
		f, _, err := loaded(t, c.command, c.file)
		got := fmt.Sprint(err)
		if err == nil {
			got = f.Lookup("port").Value.String()
		}
		if !strings.Contains(got, c.want) || strings.Contains(got, "\n") || strings.Contains(got, "toml:  ") {
			t.Errorf("%s, %q: %s; want %s", c.command, c.file, got, c.want)
		}
	}
}

func TestASecretOfTheFileIsNotEchoed(t *testing.T) {
	for _, file := range []string{"store = postgres://me:hush@db/x", `store = ["postgres://me:hush@db/x"]`, `port = "hush"`, `stroe = "hush"`} {
		if _, _, err := loaded(t, "serve", file); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestTheHomeDirectoryInEveryPath(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("DHTOP_DATA", "~/env")
	f, _, err := loaded(t, "serve", `store = "sqlite:~/x.db"`, "-o", "~/out")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"data": filepath.Join(home, "env"), "store": "sqlite:" + filepath.Join(home, "x.db"), "output": filepath.Join(home, "out"),
	} {
		if got := f.Lookup(name).Value.String(); got != want {
			t.Errorf("%s is %s; want %s", name, got, want)
		}
	}
	t.Setenv("HOME", "")
	if _, _, err := loaded(t, "serve", `store = "sqlite:~/x.db"`); err == nil || !strings.Contains(err.Error(), "write the whole path") {
		t.Errorf("without a home: %v", err)
	}
}

func TestAnErrorAboutAValueNamesItsSource(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.toml")
	if err := os.WriteFile(path, []byte("\nrate = -5\n[peers]\nparallel = 0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const hash = "2d066c94480adcf5b7ab60065f24e681a57e011f"
	for args, want := range map[string]string{
		"crawl --config " + path:                       "(set by " + path + ":2)",
		"peers --rate 1 --config " + path + " " + hash: "--parallel 0: want 1 to 256 (set by " + path + ":4)",
		"crawl --rate 1 --max-hashes -1":               "0 for all\n",
		"crawl --rate 1 --vantages 1":                  "(set by DHTOP_NAMES)\n",
	} {
		t.Setenv("DHTOP_NAMES", "")
		if strings.Contains(want, "NAMES") {
			t.Setenv("DHTOP_NAMES", "all")
		}
		if code, _, errs := dhtop(t, "", strings.Fields(args)...); code != exit.Usage || !strings.Contains(errs, want) {
			t.Errorf("%s: %d, %s; want %s", args, code, errs, want)
		}
	}
}
