package cli

// flagGroup is the heading of some flags in the help.
type flagGroup string

// The groups of flags. Flags without a group are those of one command alone.
const (
	groupOutput  flagGroup = "Output"
	groupSearch  flagGroup = "Search"
	groupGeneral flagGroup = "General"
	groupNetwork flagGroup = "Network"
	groupLimits  flagGroup = "Limits"
	groupDemo    flagGroup = "Embedded network"
	groupStorage flagGroup = "Storage"
	groupHTTP    flagGroup = "HTTP API"
	groupScreen  flagGroup = "Screen"
)

// groupAnnotation is the key of a flag's group among its annotations.
const groupAnnotation = "group"
