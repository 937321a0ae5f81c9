# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What the project needs from outside: Debian packages, sources, and where they
# are kept. See the --help of each script.

# A fresh machine gets its packages before the rest of the makefiles is read, as
# that already asks the compiler and pkg-config things. Everybody else loses
# 0.05 s. Not for targets that need nothing, and not for "make -n".
ifneq ($(filter-out help clean distclean,$(or $(MAKECMDGOALS),all)),)
ifeq ($(MAKELEVEL)$(findstring n,$(filter-out --%,$(firstword $(MAKEFLAGS)))),0)
deps_output := $(shell scripts/install-deps.sh >&2)
ifneq ($(.SHELLSTATUS),0)
$(error some packages are missing, see above)
endif
endif
endif

.PHONY: deps
deps: ## install the Debian packages that are missing
	@scripts/install-deps.sh

# "make install" sets the machine up for working on the project. Installing the
# command is asked for by saying where to, as in "make install PREFIX=/usr/local",
# or with DESTDIR for a package, also in the environment: then install-tools of
# tools/module.mk is done too.
install_where := $(filter command environment,$(origin PREFIX) $(origin DESTDIR))
.PHONY: install
install: deps $(if $(install_where),install-tools) ## install what the project needs; with PREFIX=DIR also the command
	@echo "install: this machine has every package of scripts/packages"
ifeq ($(install_where),)
	@echo "install: to install the command too, say where: make install PREFIX=/usr/local"
endif

# The scripts themselves: shellcheck, and tests of what can go wrong in them. And what is true of all files.
SHELL_SCRIPTS := $(wildcard .ci/run scripts/*.sh scripts/tests/*.t kernel-patch/*.sh tests/*/*.sh)
.PHONY: check-scripts
check-scripts: | deps ## shellcheck, tests of scripts, man page, licences, language
	@shellcheck $(SHELL_SCRIPTS)
	@$(PROVE) -j$(CHECK_JOBS) scripts/tests

# A target of its own, as it takes a kernel build and all tests.
RELEASE ?= trixie
.PHONY: check-release
check-release: ## `make run` and `make check` in a fresh Debian RELEASE=trixie (or bookworm)
	@scripts/check-release.sh $(RELEASE)
