package cli

import (
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dhtop/dhtcore"
	"dhtop/ui"
	"dhtop/ui/cli/config"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/settings"
)

// manCommand prints the manual page, which is made of the commands, their flags and the action table.
func manCommand(std console.Streams) *cobra.Command {
	return &cobra.Command{
		Use: "man", Short: "Print the manual page", Args: noArgs, Example: "dhtop man | man -l -",
		RunE: func(cmd *cobra.Command, _ []string) error { return writeManual(std.Out, cmd.Root()) },
	}
}

// manual writes roff with the macros of man(7).
type manual struct{ strings.Builder }

func writeManual(w io.Writer, root *cobra.Command) error {
	var m manual
	m.macro("TH", strings.ToUpper(root.Name()), "1", "", "dhtop "+version(), "")
	m.section("NAME")
	m.text(root.Name() + " - " + root.Short)
	m.section("SYNOPSIS")
	for _, c := range visible(root) {
		m.macro("B", usage(c))
		m.macro("br")
	}
	m.section("DESCRIPTION")
	m.text("Flags may appear anywhere after the command. 'dhtop COMMAND --help' shows those that are asked most, " +
		"'--help GROUP' those of a group and '--help all' all of them.")
	m.section("COMMANDS")
	for _, c := range visible(root) {
		m.macro("SS", usage(c))
		m.text(c.Short)
		if c.Long != "" {
			m.macro("PP")
			m.text(c.Long)
		}
		m.flags(c)
	}
	m.section("KEYS")
	group := ""
	for _, a := range ui.Actions() {
		if a.Group != group {
			group = a.Group
			m.macro("SS", group)
		}
		m.macro("TP", "16")
		m.macro("B", a.KeyNames())
		m.text(a.Help)
	}
	m.filters()
	m.section("EXAMPLES")
	for _, c := range visible(root) {
		if c.Example != "" {
			m.table([]described{{c.Example, c.Short}})
		}
	}
	m.section("EVENTS")
	m.text("With --ndjson, crawl and serve print one JSON object a line: seq counts up, at is the time, kind is one of these, and the " +
		"other fields depend on it.")
	m.table(events)
	m.section("HTTP API")
	m.text("Of serve, and of the explorer with --http. Requests from loopback need nothing else. Those from elsewhere need " +
		"\"Authorization: Bearer\" with the content of the file token in the data directory, and --http-host NAME if they use a name " +
		"for the machine.")
	m.table(paths)
	m.section("DOCTOR")
	m.text("'dhtop doctor --json' and /api/v1/doctor have the worst verdict (ok, waiting or fail), for_ms since the start, checks and the bootstrap " +
		"hosts that were asked. A check has a name, a verdict, a text, a remedy and a cause. Names, verdicts and causes stay as they are; others may be added. The checks:")
	m.words(dhtcore.DoctorChecks())
	m.text("The causes, null for none:")
	m.words(dhtcore.DoctorCauses())
	m.section("STORE")
	m.table(storing)
	m.section("MASKS")
	m.table(masks)
	m.section("SERVICE")
	m.text("serve tells its supervisor, such as systemd, that it is ready, how it fares and that all of it goes on (sd_notify, NOTIFY_SOCKET and " +
		"WATCHDOG_USEC).")
	m.table(signals)
	m.section("ENVIRONMENT")
	m.text("Every setting can be set by an environment variable: DHTOP_NO_IPV6=true is --no-ipv6. Several values are separated by " +
		"commas. An empty variable counts as unset.")
	m.table(environment)
	for _, a := range config.Aliases() {
		m.table([]described{{strings.Join(a.Variables, ", "), "Of the Flask tracker: --" + a.Setting + ", unless " + config.Variable(a.Setting) + " is set."}})
	}
	m.section("FILES")
	m.table(files)
	m.section("EXIT STATUS")
	m.table(exitCodes)
	_, err := io.WriteString(w, m.String())
	return err
}

// usage returns how a command is typed, without flags.
func usage(c *cobra.Command) string { return c.CommandPath() + strings.TrimPrefix(c.Use, c.Name()) }

// visible returns the root command and those below it that people type.
func visible(root *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{root}
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" {
			all = append(all, c)
		}
	}
	return all
}

// flags lists the flags of a command. Those of the explorer are explained there.
func (m *manual) flags(c *cobra.Command) {
	var same []string
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		if known := c.Root().Flags().Lookup(f.Name); c.HasParent() && known != nil && known.Usage == f.Usage && known.DefValue == f.DefValue {
			same = append(same, "--"+f.Name)
			return
		}
		m.macro("TP", "6")
		kind, usage := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		m.macro("B", strings.TrimSpace(name+" "+kind))
		if def := settings.Default(f); def != "" {
			usage += " (default " + def + ")"
		}
		m.text(usage)
	})
	if len(same) > 0 {
		m.macro("PP")
		m.text("Also, as described above: " + strings.Join(same, " ") + ".")
	}
}

// filters explains the language of the filters, and what the rows of each list can be asked.
func (m *manual) filters() {
	m.section("FILTERS")
	m.text("The filter of a list (/), and --filter of export and crawl, is terms separated by blanks, all of which must hold:")
	m.text("state:bad client:lt rtt>200 req>10 seen<1m name~ubuntu net:91.201. bits>8 !spare")
	for _, k := range ui.FilterTerms() {
		m.entry(k.Keys, k.Help)
	}
	m.macro("PP")
	m.text("Case does not matter. A hash is found in every form that people paste. The keys tab, up and down complete a filter " +
		"and bring back earlier ones. The fields of --filter are those of the hashes; the columns of an export are other names of them.")
	for _, l := range ui.FilterLists() {
		m.macro("SS", "Fields of "+l.Name)
		for i := range l.Fields {
			f := &l.Fields[i]
			name := f.Name
			if len(f.Aliases) > 0 {
				name += " (" + strings.Join(f.Aliases, ", ") + ")"
			}
			m.entry(name, ui.FieldHelp(f))
		}
	}
}

// entry writes a term and what it means.
func (m *manual) entry(term, means string) {
	m.macro("TP", "16")
	m.macro("B", term)
	m.text(means)
}

func (m *manual) section(name string) { m.macro("SH", name) }

// macro writes a request with its arguments.
func (m *manual) macro(name string, args ...string) {
	m.WriteString("." + name)
	for _, a := range args {
		m.WriteString(` "` + strings.ReplaceAll(escape(a), `"`, `""`) + `"`)
	}
	m.WriteByte('\n')
}

// text writes lines of text, and keeps roff from taking any for a request.
func (m *manual) text(s string) {
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(escape(line))
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			line = `\&` + line
		}
		m.WriteString(line + "\n")
	}
}

// escape escapes backslashes and dashes.
func escape(s string) string { return strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s) }

// words writes what words stand for.
func (m *manual) words(all []dhtcore.Word) {
	for _, w := range all {
		m.table([]described{{w.Name, w.About}})
	}
}
