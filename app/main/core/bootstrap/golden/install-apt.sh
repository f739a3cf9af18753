#!/bin/sh
ROLE='master'
PACKAGES='data.table Rcpp'
CRAN='https://cloud.r-project.org https://cran.r-project.org'
WEB_IDE='yes'
RSTUDIO_URL='https://download2.rstudio.org/server/jammy/amd64/rstudio-server-2026.09.0-174-amd64.deb'
RSTUDIO_SHA256='168bc577ef2f68abab1ad2ed684e830da1d244618b25b69fd20448e60716c5ba'
# common

# apt

# r-packages

# master

# main
