package cli

import "fmt"

// described is a row of a section of the manual page: a name and what it is.
type described struct{ name, is string }

// environment are the variables that are read besides those of the settings.
var environment = []described{
	{envPrefix + "CONFIG", "The configuration file, as with --config."},
	{"NO_COLOR", "Use no colours, as with --no-color."},
	{"TERM, COLORFGBG, COLORTERM", "The terminal, its background and its colours; they choose the theme and the graphs."},
	{"LC_ALL, LC_CTYPE, LANG", "The locale. Where it is not UTF-8, ASCII is used, as with --ascii."},
	{"XDG_CONFIG_HOME, XDG_STATE_HOME, HOME", "Where the files below are."},
	{"GOGC", "The garbage collection of Go; the demo sets its own unless this is set."},
}

// files are what is read and kept.
var files = []described{
	{"$XDG_CONFIG_HOME/dhtop/config.toml", "Settings, named like the flags: no-ipv6 = true. Several values are a list, or text with commas. A table " +
		"named like a command, such as [serve], is for that command alone; [dhtop] is for the explorer. A flag beats the environment, " +
		"which beats the file. A path may begin with ~/ in all of them. 'dhtop config --default' prints one with every setting, " +
		"'dhtop config' shows what is in force."},
	{"$XDG_STATE_HOME/dhtop", "The data directory, which one dhtop uses at a time: the node IDs and the routing tables, one file an identity, " +
		"the state of the crawl, and the files below. Remove it to begin anew."},
	{"$XDG_STATE_HOME/dhtop/dhtop.db", "The store, an SQLite file with a readable view top_hashes; with --store postgres://... what waits for the server."},
	{"$XDG_STATE_HOME/dhtop/token", "The token of the HTTP API for clients beyond loopback; only you can read it."},
}

// exitCodes are how the program ends.
var exitCodes = []described{
	{fmt.Sprint(exitDone), "done; serve: also ended by SIGTERM"},
	{fmt.Sprint(exitNothing), "nothing found, or a check failed"},
	{fmt.Sprint(exitUsage), "wrong usage, it could not start, or it crashed"},
	{fmt.Sprint(exitInterrupted), "interrupted"},
}

// table writes the rows of a section.
func (m *manual) table(rows []described) {
	for _, row := range rows {
		m.macro("TP", "6")
		m.macro("B", row.name)
		m.text(row.is)
	}
}
