package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/knadh/koanf/parsers/toml/v2"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dhtop/dhtcore"
	"dhtop/ui/api"
	"dhtop/views/theme"
)

// envPrefix starts the environment variables that are settings: DHTOP_NO_IPV6 is --no-ipv6.
const envPrefix = "DHTOP_"

// settings are the values of the flags that commands share, from whatever source.
type settings struct {
	explorer dhtcore.Config
	http     *api.Config   // nil for no HTTP API
	limit    time.Duration // --for
	mask     bool
	noColor  bool
	ascii    bool
	graphs   string
	theme    string
}

// networkFlags adds the flags that all network commands share.
func networkFlags(f *pflag.FlagSet) {
	f.StringSlice("bind", nil, "local `ADDR` to listen on, one an address family (default 0.0.0.0 and ::)")
	f.Uint16("port", dhtcore.DefaultPort, "UDP port to listen on; 0 picks one")
	f.Bool("no-ipv6", false, "leave IPv6 alone")
	f.StringSlice("bootstrap", nil, "`HOST:PORT` to join through, repeatable; 'none' for none (default well-known hosts)")
	f.Int("vantages", 1, "identities an address family, each on a port of its own from --port on; 1 to 8")
	f.Bool("read-only", false, "ask, but do not answer (BEP 43)")
	f.String("public-ip", "", "`IP` at which others reach this node, which serves at once then (default found out)")
	limits := dhtcore.DefaultLimits()
	f.Float64("rate", limits.Packets, "packets per second that we start, at most; 0 lifts this limit, and so for the others")
	f.Float64("rate-bytes", limits.Bytes, "bytes per second that we start")
	f.Float64("rate-new", limits.New, "new destinations a minute")
	f.Float64("inbound-rate", limits.Inbound, "answers per second to all others together")
	f.Float64("inbound-per-ip", limits.InboundPerSource, "packets per second that one source may send")
	f.Bool("demo", false, "use an embedded network on loopback instead of Mainline")
	f.Int("demo-nodes", dhtcore.DefaultDemoNodes, "nodes of the embedded network")
	f.Uint64("seed", 1, "seed of the embedded network's IDs and demand")
	f.Int("max-hashes", 0, "info_hashes kept in memory, the others in the store only: one that comes back is printed as new again; 0 for all")
	f.String("names", "", "fetch the names of the hottest hashes from their peers (BEP 9), `top:N`; without it only those asked for")
	f.Bool("mask-ips", false, "show networks instead of addresses")
	f.Duration("for", 0, "stop after this `DURATION`; 0 runs until interrupted")
	storeFlags(f)
}

// storeFlags adds the flags that say where things are kept.
func storeFlags(f *pflag.FlagSet) {
	f.String("data", "", "`DIR` for the routing table, the ID and the store (default "+filepath.Join("$XDG_STATE_HOME", "dhtop")+")")
	f.String("store", "", "`URL` of the store: sqlite:PATH, postgres://... or none (default a file in the data directory; none with --demo)")
	f.String("config", "", "configuration `FILE` (default "+filepath.Join("$XDG_CONFIG_HOME", "dhtop", "config.toml")+")")
}

// screenFlags adds the flags of the terminal explorer.
func screenFlags(f *pflag.FlagSet) {
	f.Bool("no-color", false, "no colour; NO_COLOR in the environment does the same")
	f.Bool("ascii", false, "no character beyond ASCII")
	f.String("graphs", "", "`KIND` of characters that graphs are of: braille or blocks (default by the terminal)")
	f.String("theme", "", "`NAME` of the theme: "+strings.Join(theme.Names(), ", ")+" (default by the terminal)")
}

// The values of --http: where it is off, and where serve has it unless told otherwise.
const (
	httpOff   = "none"
	httpServe = "127.0.0.1:6880"
)

// httpFlags adds the flags of the HTTP API, which is at addr unless told otherwise.
func httpFlags(f *pflag.FlagSet, addr string) {
	f.String("http", addr, "`ADDR` of the HTTP API, HOST:PORT; none for no API. Beyond loopback it asks for the token in the data directory")
	f.StringSlice("http-host", nil, "`NAME` of this machine by which the HTTP API may be called, repeatable; localhost and IP addresses always may")
}

// load gives every flag of a command its value from the first source that has one: the command line,
// the environment, the configuration file, the default. A flag that any source set counts as changed.
func load(cmd *cobra.Command) error {
	f := cmd.Flags()
	k := koanf.New("\x00") // no nesting: a dot in a key is a dot
	path, required, err := configFile(f)
	if err != nil {
		return err
	}
	if err := loadFile(k, path, required, cmd.Root()); err != nil {
		return fmt.Errorf("configuration %s: %w", path, err)
	}
	environment := env.Provider("\x00", env.Opt{Prefix: envPrefix, TransformFunc: func(key, value string) (string, any) {
		name := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(key, envPrefix)), "_", "-")
		if flag := f.Lookup(name); flag != nil && flag.Value.Type() == "stringSlice" {
			return name, strings.Split(value, ",")
		}
		return name, value
	}})
	if err := k.Load(environment, nil); err != nil {
		return fmt.Errorf("environment: %w", err)
	}
	return apply(k, f)
}

// apply sets the flags that the command line left alone to what k has for them.
func apply(k *koanf.Koanf, f *pflag.FlagSet) (err error) {
	f.VisitAll(func(flag *pflag.Flag) {
		if err != nil || flag.Changed || !k.Exists(flag.Name) {
			return
		}
		if list, ok := flag.Value.(pflag.SliceValue); ok {
			flag.Changed = true
			err = list.Replace(k.Strings(flag.Name))
			return
		}
		if setErr := f.Set(flag.Name, k.String(flag.Name)); setErr != nil {
			err = fmt.Errorf("%s = %q in the environment or the configuration file: want %s",
				flag.Name, k.String(flag.Name), kinds[flag.Value.Type()])
		}
	})
	return err
}

// kinds says what a flag of each type takes.
var kinds = map[string]string{
	"bool": "true or false", "int": "a whole number", "uint16": "a whole number up to 65535",
	"uint64": "a whole number", "float64": "a number", "duration": "a duration such as 10s", "string": "text",
}

func configFile(f *pflag.FlagSet) (path string, required bool, err error) {
	if path, _ = f.GetString("config"); path != "" {
		return path, true, nil
	}
	if path = os.Getenv(envPrefix + "CONFIG"); path != "" {
		return path, true, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", false, nil //nolint:nilerr // nowhere to look: no file
	}
	return filepath.Join(dir, "dhtop", "config.toml"), false, nil
}

func loadFile(k *koanf.Koanf, path string, required bool, root *cobra.Command) error {
	if path == "" {
		return nil
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !required {
		return nil
	}
	if err != nil {
		return err
	}
	values, err := toml.Parser().Unmarshal(b)
	if err != nil {
		return err
	}
	for key, value := range values {
		if !knownSetting(root, key) {
			return fmt.Errorf("unknown setting %q: the settings are the flags without their dashes", key)
		}
		if err := k.Set(key, value); err != nil {
			return err
		}
	}
	return nil
}

// knownSetting tells whether any command has a flag of that name.
func knownSetting(root *cobra.Command, name string) bool {
	return root.Flags().Lookup(name) != nil || slices.ContainsFunc(root.Commands(), func(c *cobra.Command) bool {
		return c.Flags().Lookup(name) != nil
	})
}

// explorerSettings reads the settings of a network command.
func explorerSettings(cmd *cobra.Command) (s settings, err error) {
	if err := load(cmd); err != nil {
		return settings{}, err
	}
	v := values{cmd.Flags()}
	s = settings{limit: v.duration("for"), mask: v.bool("mask-ips"), noColor: v.bool("no-color"),
		ascii: v.bool("ascii"), theme: v.string("theme"), graphs: v.string("graphs")}
	if s.limit < 0 {
		return settings{}, fmt.Errorf("--for %s: a duration cannot be negative", s.limit)
	}
	c := &s.explorer
	c.NoIPv6, c.ReadOnly = v.bool("no-ipv6"), v.bool("read-only")
	if c.PublicIP, err = publicIP(v.string("public-ip"), c.ReadOnly); err != nil {
		return settings{}, err
	}
	c.Port, _ = v.GetUint16("port")
	if c.Vantages = v.int("vantages"); c.Vantages < 1 {
		return settings{}, fmt.Errorf("--vantages %d: want 1 to %d", c.Vantages, dhtcore.MaxVantages)
	}
	if c.Limits, err = limits(v); err != nil {
		return settings{}, err
	}
	if c.MaxHashes = v.int("max-hashes"); c.MaxHashes < 0 {
		return settings{}, fmt.Errorf("--max-hashes %d: want a number, or 0 for all", c.MaxHashes)
	}
	if c.Names, err = topNames(v.string("names")); err != nil {
		return settings{}, err
	}
	c.Guest = v.Lookup("warm") != nil // a search is over soon, and does its work beside a running dhtop
	if c.Bind, err = bindAddrs(v.strings("bind")); err != nil {
		return settings{}, err
	}
	if c.Bootstrap, err = bootstrapHosts(v.strings("bootstrap")); err != nil {
		return settings{}, err
	}
	if v.bool("demo") {
		if err := demoSettings(v, c); err != nil {
			return settings{}, err
		}
	}
	if c.DataDir, c.Store, err = places(v, c.Demo != nil); err != nil {
		return settings{}, err
	}
	if s.http, err = httpSettings(v, c.DataDir); err != nil {
		return settings{}, err
	}
	return s, nil
}

// httpSettings reads where the HTTP API is, nil for nowhere.
func httpSettings(v values, dir string) (*api.Config, error) {
	addr := v.string("http")
	if addr == "" || addr == httpOff {
		return nil, nil
	}
	_, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return nil, fmt.Errorf("--http %q: want HOST:PORT, as %s, or %s", addr, httpServe, httpOff)
	}
	names := v.strings("http-host")
	for _, name := range names {
		if name == "" || strings.ContainsAny(name, ":/ ") {
			return nil, fmt.Errorf("--http-host %q: want the name of a host, without a port", name)
		}
	}
	return &api.Config{Addr: addr, Names: names, DataDir: dir, Mask: v.bool("mask-ips")}, nil
}

// maxNames is how many hashes can have their names fetched unasked.
const maxNames = dhtcore.MaxHashes

// topNames reads the value of --names.
func topNames(s string) (n int, err error) {
	if s == "" {
		return 0, nil
	}
	digits, ok := strings.CutPrefix(s, "top:")
	if n, err = strconv.Atoi(digits); !ok || err != nil || n < 1 || n > maxNames {
		return 0, fmt.Errorf("--names %q: want top:N with N from 1 to %d", s, maxNames)
	}
	return n, nil
}

// maxLimit is more than any socket carries.
const maxLimit = 1e9

func limits(v values) (l dhtcore.Limits, err error) {
	for name, limit := range map[string]*float64{"rate": &l.Packets, "rate-bytes": &l.Bytes, "rate-new": &l.New,
		"inbound-rate": &l.Inbound, "inbound-per-ip": &l.InboundPerSource} {
		if *limit, _ = v.GetFloat64(name); !(*limit >= 0 && *limit <= maxLimit) {
			return l, fmt.Errorf("--%s %v: want a number up to %.0e, or 0 to lift the limit", name, *limit, maxLimit)
		}
	}
	return l, nil
}

// values reads flags by name. A flag that the command does not have is its zero value.
type values struct{ *pflag.FlagSet }

func (v values) bool(name string) bool              { b, _ := v.GetBool(name); return b }
func (v values) string(name string) string          { s, _ := v.GetString(name); return s }
func (v values) strings(name string) []string       { s, _ := v.GetStringSlice(name); return s }
func (v values) duration(name string) time.Duration { d, _ := v.GetDuration(name); return d }
func (v values) int(name string) int                { n, _ := v.GetInt(name); return n }

func bindAddrs(list []string) (addrs []netip.Addr, err error) {
	families := map[bool]string{}
	for _, s := range list {
		a, err := netip.ParseAddr(s)
		if err != nil {
			return nil, fmt.Errorf("--bind %q is no IP address", s)
		}
		a = a.Unmap()
		if other := families[a.Is6()]; other != "" {
			return nil, fmt.Errorf("--bind %s and %s are of one address family: pass one IPv4 and one IPv6 address at most", other, s)
		}
		families[a.Is6()] = s
		addrs = append(addrs, a)
	}
	return addrs, nil
}

func publicIP(s string, readOnly bool) (ip netip.Addr, err error) {
	if s == "" {
		return ip, nil
	}
	ip, err = netip.ParseAddr(s)
	if ip = ip.Unmap(); err != nil || ip.Zone() != "" || !dhtcore.Routable(ip) {
		return ip, fmt.Errorf("--public-ip %q is no IP address at which a node can be reached", s)
	}
	if readOnly {
		return ip, errors.New("--read-only answers nobody and --public-ip serves: pass one of them")
	}
	return ip, nil
}

func bootstrapHosts(list []string) ([]string, error) {
	if len(list) == 0 {
		return nil, nil
	}
	if slices.Contains(list, "none") {
		if len(list) > 1 {
			return nil, errors.New("--bootstrap none stands alone")
		}
		return []string{}, nil
	}
	for _, host := range list {
		if err := dhtcore.CheckBootstrap(host); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func demoSettings(v values, c *dhtcore.Config) error {
	seed, _ := v.GetUint64("seed")
	c.Demo = &dhtcore.Demo{Nodes: v.int("demo-nodes"), Seed: seed}
	if c.Demo.Nodes < 1 || c.Demo.Nodes > dhtcore.MaxDemoNodes {
		return fmt.Errorf("--demo-nodes %d: want 1 to %d", c.Demo.Nodes, dhtcore.MaxDemoNodes)
	}
	if !v.Changed("port") {
		c.Port = 0 // the well-known port is for the real network
	}
	return nil
}

// places returns where the routing table and the counts are kept. The demo keeps nothing unless told
// where.
func places(v values, demo bool) (dir, store string, err error) {
	dir, store = v.string("data"), v.string("store")
	if dir == "" && !demo {
		if dir, err = defaultDataDir(); err != nil {
			return "", "", err
		}
	}
	if store == "" && !demo {
		store = "sqlite:" + filepath.Join(dir, "dhtop.db")
	}
	return dir, store, nil
}

func defaultDataDir() (string, error) {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "dhtop"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("no home directory for the data (%w): pass --data DIR", err)
	}
	return filepath.Join(home, ".local", "state", "dhtop"), nil
}
