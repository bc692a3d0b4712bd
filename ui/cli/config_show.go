package cli

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dhtop/dhtcore/human"
	"dhtop/ui/cli/config"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

// configName is the command that shows the settings. No table of the file is for it.
const configName = "config"

func configCommand(std console.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: configName + " [COMMAND]", Short: "Show every setting, its value and where that comes from",
		Long: `Show every setting, its value and where that comes from: a flag of this call,
an environment variable, a line of the configuration file, or the default.

Without COMMAND these are the settings that all commands share, then for each
command those that it has alone and those that differ for it. Passwords are
left out. --default prints a configuration file with every setting and its
default, commented out.`,
		Args: atMostOneCommand, ValidArgsFunction: completeCommands,
		Example: "dhtop config --default > config.toml",
		RunE:    func(cmd *cobra.Command, args []string) error { return showConfig(cmd, std, args) },
	}
	explain(cmd, "COMMAND:  show the settings as this command has them")
	settings.Define(cmd.Flags(), settings.Without(settings.All(), settings.GroupOwn))
	cmd.Flags().Bool("default", false, "Print a configuration file with all defaults")
	return cmd
}

func atMostOneCommand(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("%d arguments: %s takes one command: see '%s --help'", len(args), cmd.CommandPath(), cmd.CommandPath())
	}
	if len(args) == 1 {
		if _, err := settingsCommand(cmd.Root(), args[0]); err != nil {
			return err
		}
	}
	return nil
}

// settingsCommand returns the command of that name, which has settings.
func settingsCommand(root *cobra.Command, name string) (*cobra.Command, error) {
	var names []string
	for _, c := range config.Commands(root) {
		if c.Name() == name {
			return c, nil
		}
		names = append(names, c.Name())
	}
	return nil, fmt.Errorf("no command %q has settings%s", name, human.DidYouMean(name, names, ": want "+strings.Join(names, ", ")))
}

func completeCommands(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, c := range config.Commands(cmd.Root()) {
		if len(args) == 0 && strings.HasPrefix(c.Name(), begun) {
			names = append(names, c.Name()+"\t"+c.Short)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func showConfig(cmd *cobra.Command, std console.Streams, args []string) error {
	s, err := settings.Read(cmd)
	if err != nil {
		return err
	}
	out, err := console.Open(cmd.Context(), std, s.Output)
	if err != nil {
		return err
	}
	defer out.Discard()
	out.Form = s.Form
	if defaults, _ := cmd.Flags().GetBool("default"); defaults {
		if !out.Plain() || len(args) > 0 {
			return errors.New("--default prints a whole configuration file: leave out COMMAND, --json, --ndjson and --csv")
		}
		err = writeDefaultConfig(out)
	} else {
		var list *settingList
		if list, err = listSettings(cmd, args, out.Options); err != nil {
			return err
		}
		if out.NDJSON {
			err = list.writeNDJSON(out)
		} else {
			err = out.Print(list)
		}
	}
	if err != nil {
		return err
	}
	return out.Commit()
}

// settingList is the document of the config command.
type settingList struct {
	File     configSource   `json:"file"`
	Settings []settingValue `json:"settings"`
}

// configSource is the configuration file.
type configSource struct {
	Path   string `json:"path"`
	Exists bool   `json:"exists"`
}

// settingValue is a setting, its value and where that comes from.
type settingValue struct {
	Name     string `json:"name"`
	Command  string `json:"command"` // "" for all commands
	Group    string `json:"group"`   // the heading in the help
	Value    any    `json:"value"`   // a bool, a number, a text or a list of texts
	Source   string `json:"source"`  // flag, environment, file or default
	From     string `json:"from"`    // the flag, the variable, or the file and the line; "" for the default
	Variable string `json:"variable"`
	Usage    string `json:"usage"`
}

// listSettings returns the settings of the command that args name, or of all commands with the flags of cmd.
func listSettings(cmd *cobra.Command, args []string, o report.Options) (*settingList, error) {
	path, _, err := config.Path(cmd.Flags())
	if err != nil {
		return nil, err
	}
	_, statErr := os.Stat(path)
	list := &settingList{File: configSource{path, statErr == nil}}
	if len(args) > 0 {
		list.Settings, err = valuesOf(cmd, args[0], "", o)
		return list, err
	}
	if list.Settings, err = valuesOf(cmd, configName, "", o); err != nil {
		return nil, err
	}
	shared := map[string]settingValue{}
	for _, v := range list.Settings {
		shared[v.Name] = v
	}
	for _, c := range config.Commands(cmd.Root()) {
		values, err := valuesOf(cmd, c.Name(), c.Name(), o)
		if err != nil {
			return nil, err
		}
		for _, v := range values {
			if other, known := shared[v.Name]; !known || v.text() != other.text() || v.From != other.From {
				list.Settings = append(list.Settings, v)
			}
		}
	}
	return list, nil
}

// valuesOf returns the settings of the command of that name, with those flags of cmd that it has too. The rows are
// said to be of the command as.
func valuesOf(cmd *cobra.Command, name, as string, o report.Options) (all []settingValue, err error) {
	of, _, err := newRoot(console.Streams{}, console.Streams{}).Find([]string{name})
	if name == cmd.Root().Name() {
		of, err = newRoot(console.Streams{}, console.Streams{}), nil
	}
	if err != nil {
		return nil, err
	}
	if err := copyFlags(cmd.Flags(), of.Flags()); err != nil {
		return nil, err
	}
	s, err := quietSettings(of)
	if err != nil {
		return nil, err
	}
	of.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name != "config" && !config.IsSetting(f.Name) {
			return
		}
		v := settingValue{Name: f.Name, Command: as, Group: settings.GroupOf(f).Title(), Variable: config.Variable(f.Name)}
		_, v.Usage = pflag.UnquoteUsage(f)
		v.Source, v.From = config.Source(f)
		v.Value = maskValue(s.Value(f), o)
		all = append(all, v)
	})
	slices.SortStableFunc(all, func(a, b settingValue) int { return groupIndex(a.Group) - groupIndex(b.Group) })
	return all, nil
}

func groupIndex(title string) int {
	return slices.IndexFunc(settings.Groups(), func(g settings.Group) bool { return g.Title() == title })
}

// copyFlags sets the flags of to that the command line has set in from, but for those about the output of the config
// command itself.
func copyFlags(from, to *pflag.FlagSet) (err error) {
	from.VisitAll(func(f *pflag.Flag) {
		other := to.Lookup(f.Name)
		if other == nil || !config.OnCommandLine(f) || settings.GroupOf(f) == settings.GroupOutput || err != nil {
			return
		}
		if list, ok := other.Value.(pflag.SliceValue); ok {
			err = list.Replace(f.Value.(pflag.SliceValue).GetSlice())
		} else {
			err = other.Value.Set(f.Value.String())
		}
		other.Changed = true
	})
	return err
}

// quietSettings reads the settings of a command that does not run, without a word about the environment: the command
// that runs has had it.
func quietSettings(of *cobra.Command) (settings.Settings, error) {
	of.SetErr(io.Discard)
	if of.Name() == demoName {
		of.Flags().Set("demo", "true") //nolint:errcheck // a bool flag that exists
	}
	s, err := settings.Read(of)
	if explorer := of.Name() == demoName || !of.HasParent(); explorer && s.Demo && s.Explorer.Names == 0 {
		s.Explorer.Names = demoNames
	}
	return s, err
}

// maskValue returns a value without passwords, and with --mask-ips without addresses.
func maskValue(value any, o report.Options) any {
	switch v := value.(type) {
	case string:
		return o.Text(withoutPasswords(v))
	case []string:
		masked := make([]string, len(v))
		for i := range v {
			masked[i] = o.Text(withoutPasswords(v[i]))
		}
		return masked
	}
	return value
}

// text is the value for people.
func (v *settingValue) text() string {
	if list, ok := v.Value.([]string); ok {
		return strings.Join(list, ",")
	}
	return fmt.Sprint(v.Value)
}

// WritePlain writes a line a setting under the heading of its group: name, value, source.
func (l *settingList) WritePlain(w io.Writer) error {
	state := ""
	if !l.File.Exists {
		state = " (there is none)"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# configuration file: %s%s\n", report.Options{}.Text(l.File.Path), state)
	name, value := 0, 0
	for i := range l.Settings {
		name = max(name, len(l.Settings[i].Name))
		if n := len(l.Settings[i].text()); n <= widestValue {
			value = max(value, n)
		}
	}
	heading := ""
	for i := range l.Settings {
		v := &l.Settings[i]
		own := v.Group
		if v.Command != "" {
			own = "dhtop " + strings.TrimPrefix(v.Command, "dhtop")
		}
		if own != heading {
			heading = own
			fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(heading))
		}
		from := v.From
		if from == "" {
			from = v.Source
		}
		fmt.Fprintf(&b, "  %-*s  %-*s  %s\n", name, v.Name, value, v.text(), from)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// widestValue is the longest value that the column of the sources makes room for.
const widestValue = 44

// WriteCSV writes a header and a line a setting.
func (l *settingList) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	c.Write([]string{"command", "group", "name", "value", "source", "from", "variable"}) //nolint:errcheck // Error has it
	for i := range l.Settings {
		v := &l.Settings[i]
		c.Write([]string{v.Command, v.Group, v.Name, v.text(), v.Source, v.From, v.Variable}) //nolint:errcheck // as above
	}
	c.Flush()
	return c.Error()
}

// writeNDJSON writes a line a setting.
func (l *settingList) writeNDJSON(w io.Writer) error {
	for i := range l.Settings {
		if err := report.WriteNDJSON(w, &l.Settings[i]); err != nil {
			return err
		}
	}
	return nil
}
