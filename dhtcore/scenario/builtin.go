package scenario

import (
	"embed"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed builtin/*.toml
var builtinFiles embed.FS

// builtin reads the files once.
var builtin = sync.OnceValue(func() (all []*Scenario) {
	const dir = "builtin"
	files, err := builtinFiles.ReadDir(dir)
	if err != nil {
		panic(err) // they are in the program
	}
	for _, file := range files {
		data, err := builtinFiles.ReadFile(path.Join(dir, file.Name()))
		if err != nil {
			panic(err)
		}
		s, err := Parse(file.Name(), data)
		if err != nil {
			panic(err)
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *Scenario) int { return strings.Compare(a.Name, b.Name) })
	return all
})

// Builtin returns the scenarios that the program knows, sorted by name. They are shared: copy one to change it.
func Builtin() []*Scenario { return slices.Clone(builtin()) }

// Names returns the names of the Builtin ones.
func Names() (names []string) {
	for _, s := range builtin() {
		names = append(names, s.Name)
	}
	return names
}

// Named returns the Builtin scenario of a name, in which dashes count as spaces; nil if there is none.
func Named(name string) *Scenario {
	name = strings.ToLower(strings.ReplaceAll(name, "-", " "))
	for _, s := range builtin() {
		if s.Name == name {
			return s
		}
	}
	return nil
}
