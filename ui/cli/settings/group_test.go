package settings

import (
	"slices"
	"testing"
)

func TestEverySharedSettingHasAGroup(t *testing.T) {
	alone := slices.Concat(Lab(), Serve()) // one command has them
	for _, row := range All() {
		if slices.ContainsFunc(alone, func(own Setting) bool { return own.name == row.name }) {
			continue
		}
		if !slices.Contains(Groups(), row.group) || row.group == GroupOwn {
			t.Errorf("--%s is in no group of the help", row.name)
		}
	}
}
