package config

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dhtop/dhtcore/human"
)

// check refuses what no command has, and every wrong type, whichever command runs. It returns the table of cmd.
func (c *file) check(cmd *cobra.Command) (own map[string]entry, err error) {
	if _, err := c.namedTargets(); err != nil {
		return nil, err
	}
	if err := c.checkCommon(cmd); err != nil {
		return nil, err
	}
	commands := map[string]*cobra.Command{}
	for _, of := range Commands(cmd.Root()) {
		commands[of.Name()] = of
	}
	for _, name := range slices.Sorted(maps.Keys(c.tables)) {
		of := commands[name]
		if of == nil {
			return nil, fmt.Errorf("%s: unknown table %q%s", c.lines[name], name,
				human.DidYouMean(name, append(slices.Collect(maps.Keys(commands)), targetsTable), ": tables are named like commands, such as [serve]"))
		}
		if err := checkTable(c.tables[name], of); err != nil {
			return nil, err
		}
	}
	return c.tables[cmd.Name()], nil
}

// checkCommon checks the settings for all commands.
func (c *file) checkCommon(cmd *cobra.Command) error {
	names := settingNames(cmd.Root())
	for _, name := range slices.Sorted(maps.Keys(c.common)) {
		v := c.common[name]
		if name == "config" {
			return fmt.Errorf("%s: config names this file: leave it out, or pass --config", v.source)
		}
		if !slices.Contains(names, name) {
			return fmt.Errorf("%s: unknown setting %q%s", v.source, name,
				human.DidYouMean(name, names, ": settings are named like flags, without the leading dashes"))
		}
		if err := v.set(onTrial(flagNamed(cmd, name))); err != nil {
			return err
		}
	}
	return nil
}

// checkTable checks the settings of one command.
func checkTable(table map[string]entry, of *cobra.Command) error {
	var names []string
	of.Flags().VisitAll(func(f *pflag.Flag) {
		if IsSetting(f.Name) {
			names = append(names, f.Name)
		}
	})
	for _, name := range slices.Sorted(maps.Keys(table)) {
		v := table[name]
		if !slices.Contains(names, name) {
			return fmt.Errorf("%s: %s has no setting %q%s", v.source, of.Name(), name,
				human.DidYouMean(name, names, fmt.Sprintf(": see '%s --help'", of.CommandPath())))
		}
		if err := v.set(onTrial(of.Flags().Lookup(name))); err != nil {
			return err
		}
	}
	return nil
}

// flagNamed returns the flag of a command, or that of another one which has it.
func flagNamed(cmd *cobra.Command, name string) (flag *pflag.Flag) {
	for _, c := range append(cmd.Root().Commands(), cmd.Root()) {
		if f := c.Flags().Lookup(name); f != nil && (flag == nil || c.Name() == cmd.Name()) {
			flag = f
		}
	}
	return flag
}

// onTrial returns a copy of a flag that takes a value without an effect on the command.
func onTrial(f *pflag.Flag) *pflag.Flag {
	trial := *f
	trial.Value = emptyValue(f.Value.Type())
	return &trial
}

// emptyValue returns a value of a flag's type.
func emptyValue(flagType string) pflag.Value {
	const name = "x"
	f := pflag.NewFlagSet("", pflag.ContinueOnError)
	switch flagType {
	case "bool":
		f.Bool(name, false, "")
	case "int":
		f.Int(name, 0, "")
	case "int64":
		f.Int64(name, 0, "")
	case "uint16":
		f.Uint16(name, 0, "")
	case "uint64":
		f.Uint64(name, 0, "")
	case "float64":
		f.Float64(name, 0, "")
	case "string":
		f.String(name, "", "")
	case "stringSlice":
		f.StringSlice(name, nil, "")
	case "stringArray":
		f.StringArray(name, nil, "")
	case "duration":
		f.Duration(name, 0, "")
	default:
		panic("no setting has the type " + flagType)
	}
	return f.Lookup(name).Value
}
