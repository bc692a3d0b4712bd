package cli

import (
	"slices"
	"testing"
)

func TestEverySharedSettingHasAGroup(t *testing.T) {
	alone := slices.Concat(labSettings(), serveSettings()) // one command has them
	for _, row := range allSettings() {
		if slices.ContainsFunc(alone, func(own setting) bool { return own.name == row.name }) {
			continue
		}
		if !slices.Contains(flagGroups(), row.group) || row.group == groupOwn {
			t.Errorf("--%s is in no group of the help", row.name)
		}
	}
}
