# Ce qui ne peut pas être accepté (error-…, à côté du champ) ou fait (refused-…, en une phrase) :
# ce qui ne va pas, puis ce qu'il faut faire.

## Nom, date de naissance

error-name-empty = Il manque un nom. Si vous n'en avez qu'un seul, écrivez-le dans l'une des deux cases et laissez l'autre vide.
error-name-too-long = Ce nom est trop long. Écrivez 200 caractères au plus.
error-name-unreadable = Ce nom contient un caractère illisible. Effacez-le et écrivez-le de nouveau.
error-name-symbol = Ce nom contient un signe qui n'existe pas dans un nom, comme < ou =. Enlevez-le.

error-birth-date-empty = Il manque la date de naissance. Écrivez-la comme ceci : 05/01/1990. Mettez 00 pour ce que vous ne connaissez pas.
error-birth-date-format = Nous ne pouvons pas lire cette date de naissance. Écrivez-la comme ceci : 05/01/1990. Mettez 00 pour ce que vous ne connaissez pas.
error-birth-date-no-such-day = Ce jour n'existe pas. Vérifiez le jour et le mois.
error-birth-date-day-without-month = Il y a un jour mais pas de mois. Écrivez le mois, ou mettez 00 pour les deux, comme ceci : 00/00/1990.
error-birth-date-future = Cette date de naissance n'est pas encore arrivée. Vérifiez l'année.
error-birth-date-too-old = L'année doit être 1900 ou après. Vérifiez l'année.

## Numéro étranger, document

error-foreigner-number-empty = Il manque le numéro étranger. Il est sur votre titre de séjour. Si vous n'en avez pas, laissez la case vide.
error-foreigner-number-not-digits = Le numéro étranger n'a que des chiffres. Recopiez-le depuis votre titre de séjour, sans lettre.
error-foreigner-number-length = Le numéro étranger a 10 chiffres, ou 9 sur un ancien document. Vérifiez qu'il n'en manque pas et qu'il n'y en a pas trop.

error-document-country = Nous ne connaissons pas ce pays : « { $value } ». Écrivez son nom en toutes lettres, comme Maroc ou Algérie, ou les 3 lettres du passeport, comme MAR ou DZA. Congo, Corée : choisissez lequel dans la liste.
error-document-country-missing = Il manque le pays du document. Écrivez son nom, comme Maroc, ou les 3 lettres du passeport, comme MAR.
error-document-number = Le numéro du document a de 4 à 30 lettres sans accent ou chiffres. Recopiez-le depuis le document.
error-document-needed = Il faut un document ou un numéro étranger. Écrivez le pays et le numéro du document que vous avez sous les yeux.
error-number-other = Ce n'est pas le numéro de cette demande. Relisez-le dans le registre.

## Téléphone, adresse électronique

error-phone-empty = Il manque le numéro de téléphone. Si vous n'en avez pas, laissez la case vide.
error-phone-not-a-number = Un numéro de téléphone n'a que des chiffres, avec un + au début s'il est étranger. Enlevez le reste.
error-phone-too-short = Ce numéro de téléphone est trop court. Écrivez tous les chiffres. S'il est étranger, commencez par + et le code du pays.
error-phone-too-long = Ce numéro de téléphone est trop long. Écrivez un seul numéro.
error-phone-unknown-country = Le code de pays après le + n'existe pas. Vérifiez-le. Pour la France, c'est +33.
error-phone-not-assigned = Ce numéro de téléphone n'existe pas. Vérifiez chaque chiffre.
error-phone-premium = Ce numéro est surtaxé. Donnez un numéro ordinaire, fixe ou mobile.
error-phone-shared-cost = Ce numéro est à tarif partagé. Donnez un numéro ordinaire, fixe ou mobile.
error-phone-service = Ce numéro est celui d'un service. Donnez le numéro d'une personne, fixe ou mobile.
error-phone-no-sms-abroad = Passage n'envoie pas de SMS à ce pays. Donnez un numéro mobile français ou une adresse électronique. Ou laissez les deux cases vides : vos convocations vous seront remises par la préfecture.
error-phone-no-sms-landline = Ce numéro ne reçoit pas de SMS. Donnez un numéro mobile ou une adresse électronique. Ou laissez les deux cases vides : vos convocations vous seront remises par la préfecture.
error-correction-papers = La personne est convoquée. Recopiez son numéro étranger, ou le pays et le numéro du document qui a servi à vérifier son identité.
error-helper-kind = Dites qui aide la personne : choisissez dans la liste. Si elle s'inscrit elle-même, videz cette partie.
error-helper-name = Écrivez votre nom, ou celui de votre organisation, en 200 lettres au plus.
error-helper-mandate = Cochez la déclaration : on n'inscrit quelqu'un d'autre que s'il l'a demandé.
error-helper-mandate-agent = Dites que le mandat est déclaré, ou écrivez ce que vous en avez vu.
error-contact-shared = Ce contact sert déjà à beaucoup de demandes ({ $value } ou plus). C'est permis. Pour en ajouter une, passez par un agent de la préfecture, au guichet ou par téléphone. Ou donnez un autre contact, ou laissez la case vide.

error-contact-too-many = Beaucoup de demandes portent déjà ce téléphone ou cette adresse aujourd'hui. Donnez celui de la personne, attendez demain, ou demandez à un agent de l'inscrire.
error-email = Cette adresse électronique n'est pas complète. Écrivez-la comme ceci : nom@exemple.fr, ou laissez la case vide.

## Disponibilités, échéance

error-availability-sites = Choisissez au moins un lieu de la liste.
error-availability-weekdays = Choisissez au moins un jour de la semaine.
error-availability-saturday = Cette démarche ne reçoit pas le samedi. Décochez le samedi.
error-availability-sunday = Cette démarche ne reçoit pas le dimanche. Décochez le dimanche.
error-availability-halves = Choisissez le matin, l'après-midi, ou les deux.
error-availability-absences = Vérifiez vos absences : trois au plus, et le dernier jour ne vient jamais avant le premier.
error-availability-absence-first = Absence { $value } : il manque le premier jour. Écrivez-le, ou effacez le dernier. Pour un seul jour, écrivez-le deux fois.
error-availability-absence-last = Absence { $value } : il manque le dernier jour. Écrivez-le, ou effacez le premier. Pour un seul jour, écrivez-le deux fois.
error-availability-absence-long = Une absence dure un an au plus. Pour une absence plus longue, utilisez « Pas avant le ».
error-availability-far = Ce jour est à plus de 5 ans d'aujourd'hui. Vérifiez l'année.
error-availability-notice-days = Vous pouvez demander à être prévenu jusqu'à 60 jours avant. Écrivez un nombre de 0 à 60.
error-day-past = Ce jour est passé. Choisissez aujourd'hui ou un jour à venir.
error-day-without-slots = Aucun créneau à venir n'est publié ce jour-là sur ce site : il n'y a rien à retirer. Choisissez un autre jour ou un autre site.
error-day = Nous ne pouvons pas lire ce jour. Écrivez-le comme ceci : 31/12/2027.

error-deadline = Nous ne pouvons pas lire cette date, ou elle est trop lointaine. Écrivez-la comme ceci : 31/12/2027, et vérifiez l'année.
error-look-up-reference-missing = Écrivez votre référence. Elle est sur votre reçu et dans nos messages, par exemple K7M4-2QXN-T.
error-look-up-birth-date-missing = Écrivez votre date de naissance.
error-look-up-birth-date-unread = Nous ne pouvons pas lire cette date de naissance. Écrivez-la comme ceci : 31/12/1990.
error-deadline-seen-without = Vous avez coché que vous avez vu la preuve de l'échéance, mais sa date manque. Écrivez-la, ou décochez.
error-window-deadline-missing = Cette file demande la date de fin de votre titre de séjour. Écrivez-la comme ceci : 31/12/2027.
error-window-not-yet = Il est trop tôt. Vous pourrez vous inscrire à partir du { $value }. Attendre ne vous fait rien perdre.
error-window-agent-only = L'inscription en ligne n'est plus possible depuis le { $value }. Appelez la préfecture ou venez au guichet : un agent vous inscrira.

## Agents

error-reason = Il manque la raison. Écrivez-la en quelques mots, de 5 à 300 caractères.
error-reason-unreadable = Cette raison contient un caractère illisible. Effacez-le et écrivez-le de nouveau.
error-objection = Écrivez ce qui s'est passé, de 5 à 2000 caractères.
error-objection-unreadable = Ce texte contient un caractère illisible. Effacez-le et écrivez-le de nouveau.
error-review = Écrivez ce texte, de 5 à 2000 caractères.
error-review-unreadable = Ce texte contient un caractère illisible. Effacez-le et écrivez-le de nouveau.
error-label = Cette catégorie n'est pas dans les règles de la file. Choisissez-en une de la liste.
error-to-queue = Choisissez une file seulement si la personne est venue au mauvais guichet. Dans ce cas, il faut la choisir.
error-move-queue = Choisissez la file où la demande doit attendre.
error-login = Cet identifiant ne convient pas. Écrivez 120 caractères au plus, sans espace.

## Règles

error-rules = Cette règle ne peut pas être tenue : { $value }
error-rules-weight-cap = Le poids le plus grand va de 1 à 32.
error-rules-weight-step = Quand l'ancienneté compte, chaque tirage doit ajouter au moins 1.
error-rules-guarantee-after-draws = Le mode « garantie » a besoin d'un nombre de tirages, 1 au moins. Les autres modes n'en ont pas.
error-rules-reserves = Une réserve ne peut pas être tenue. Vérifiez les étiquettes (de 1 à 255, chacune une fois), les noms (80 caractères au plus) et les parts (100 % au plus en tout).
error-rules-reserve-ground = Le nom « { $value } » dit pourquoi une personne passe d'abord. Écrivez un nom neutre, par exemple « Réserve 1 ». La raison de chacun est notée sur sa demande, et elle est scellée.
error-rules-timetable = Cet horaire ne convient pas. Écrivez cinq champs, comme ceci : 0 18 * * MON. Laissez assez de temps entre deux tirages.
error-rules-lead-minutes = Entre la liste et le tirage, il faut de { $value } à 10080 minutes.
error-rules-horizon-days = L'horizon doit être plus long que le préavis minimum. Sinon aucun créneau ne peut être offert.
error-rules-notice-min-days = Le préavis minimum est d'un jour au moins, pour que la convocation arrive à temps.
error-rules-window = L'inscription doit ouvrir avant de se fermer en ligne. Vérifiez les deux nombres de jours.
error-rules-late-limit-hours = La limite d'annulation ne peut pas être plus longue que le préavis minimum.
error-rules-identity-days = Le délai pour vérifier l'identité va de 7 à 365 jours.
error-rules-retention-days = L'effacement des données a lieu de 30 à 1825 jours après la fin de la demande.
error-rules-public-hours = Les créneaux sont publics de 0 à 336 heures avant la liste.
error-rules-survival-percent = La part des places va de 0 à 100 %.
error-rules-few-percent = La part des personnes va de 0 à 100 %.
error-rules-miss = Une pause dure de 1 à 365 jours.
error-rules-objection-days = Le délai pour contester va de 8 à 60 jours.

## Créneaux : formulaire et fichier

error-slot-unknown-site = Ce lieu n'existe pas dans cette préfecture. Choisissez-en un de la liste.
error-slot-unknown-desk = Ce guichet n'existe pas dans ce lieu. Vérifiez son numéro.
error-slot-last-before-first = Le dernier jour vient avant le premier. Échangez-les.
error-slot-too-many-days = La période est trop longue. Publiez 366 jours au plus à la fois.
error-slot-no-weekday = Choisissez au moins un jour de la semaine.
error-slot-to-before-from = L'heure de fin est trop tôt. Il faut la place d'un créneau au moins.
error-slot-minutes = La durée d'un créneau est un nombre de 1 à 480 minutes.
error-slot-every = L'écart entre deux débuts va de 1 à 1440 minutes, et n'est jamais plus court qu'un créneau.
error-slot-past = Un créneau serait dans le passé. Vérifiez la date et l'heure.
error-slot-too-far = Un créneau serait trop loin dans l'avenir. Vérifiez l'année.
error-slot-gap = Cette heure n'existe pas ce jour-là : on passe à l'heure d'été. Choisissez une autre heure.
error-slot-no-slot = Il ne reste aucun jour dans cette période. Vérifiez les jours de la semaine et les jours fériés.
error-slot-too-many = Il y a plus de 20 000 créneaux. Publiez moins de semaines à la fois.
error-slot-overlap = Le guichet est déjà pris à ce moment : { $value }. Changez l'heure ou le guichet.
error-slot-double = Ce créneau est écrit deux fois : { $value }. Enlevez-en un.
error-slot-overlap-published = Le guichet a déjà un créneau publié à ce moment. Changez l'heure ou le guichet.
error-slot-double-published = Ce créneau est déjà publié. Enlevez la ligne.
error-slot-io = Le fichier n'a pas pu être lu. Envoyez-le de nouveau.
error-slot-file-too-large = Le fichier fait plus de 4 Mo. Coupez-le en plusieurs fichiers.
error-slot-line-too-long = Cette ligne est trop longue pour un tableau. Enregistrez le fichier en « CSV UTF-8 » dans votre tableur.
error-slot-empty-file = Le fichier ne contient aucun créneau. Ajoutez des lignes sous les titres.
error-slot-too-many-lines = Le fichier contient plus de 20 000 créneaux. Coupez-le en plusieurs fichiers.
error-slot-not-utf8 = Le fichier n'est pas en UTF-8. Enregistrez-le en « CSV UTF-8 » dans votre tableur.
error-slot-quote = Un guillemet est ouvert et jamais fermé. Fermez-le ou enlevez-le.
error-slot-header = La première ligne doit nommer chaque colonne une fois : site;guichet;date;heure;minutes.
error-slot-unknown-column = La première ligne nomme une colonne inconnue. Gardez seulement : site;guichet;date;heure;minutes.
error-slot-field-count = Cette ligne n'a pas le bon nombre de colonnes. Vérifiez les séparateurs.
error-slot-missing = Cette case est vide. Remplissez-la.
error-slot-date = Cette date ne peut pas être lue. Écrivez-la comme ceci : 2027-06-08.
error-slot-time = Cette heure ne peut pas être lue. Écrivez-la comme ceci : 09:30.
error-slot-unusual = Des créneaux tombent un jour férié, un dimanche ou la nuit. Cochez « Oui » pour les publier aussi, ou changez les dates.

## Refus

refused-already-waiting = Vous avez déjà une demande pour cette démarche. Une seule suffit, et elle garde sa date. Retrouvez-la avec votre référence, ou demandez à la préfecture.
refused-staff-already-waiting = Cette personne a déjà une demande pour cette démarche. Une seule suffit, et elle garde sa date. Cherchez-la par sa référence.
refused-key-reused = Ce formulaire a déjà été envoyé avec d'autres réponses. Ouvrez-le de nouveau, remplissez-le et envoyez-le une fois.
refused-no-key = Cette demande n'a ni document ni numéro étranger. Écrivez d'abord le pays et le numéro du document que vous avez sous les yeux.
refused-duplicate = Cette personne a déjà une demande vérifiée pour cette démarche. Ouvrez celle-là, et réunissez-les à partir d'elle.
refused-too-early = Il est trop tôt : l'heure du rendez-vous n'est pas encore venue. Attendez-la, puis recommencez.
refused-too-late = Il est trop tard : l'heure du rendez-vous est passée. La suite se règle avec la préfecture.
refused-scope-change = Des personnes attendent dans cette file. On ne peut pas changer sous elles où une personne n'a droit qu'à une demande.
refused-login = L'identifiant ou le mot de passe est faux. Vérifiez les deux et recommencez.
refused-too-few-managers = Il resterait moins de deux responsables dans votre préfecture, et les actes graves en demandent deux. Invitez d'abord une autre personne, ou demandez à l'administrateur ou au service informatique de désactiver ce compte.
refused-login-taken = Cet identifiant est déjà pris. Choisissez-en un autre.
refused-already-waits-there = Cette personne a déjà une demande dans l'autre file. Gardez l'une des deux, et réunissez-les.
refused-same-queue = La demande est déjà dans cette file. Choisissez-en une autre.
refused-entry-ended = Cette demande est terminée : on ne peut plus la changer.
refused-review-open = Une demande d'examen attend déjà sa réponse. Vous pourrez en faire une autre ensuite.
refused-review-answered = Un collègue a déjà répondu à cette demande.
error-merge-other = La demande à fermer : choisissez-la.
refused-not-alike = Rien ne montre que ces deux demandes sont de la même personne : ni le nom et la date de naissance, ni un numéro.
refused-keep-verified = L'identité de cette demande n'est pas vérifiée. Vérifiez-la d'abord ; si l'autre est vérifiée, ouvrez l'autre et réunissez-les à partir d'elle.
refused-merge-penalised = L'autre demande porte une mesure (rendez-vous manqué ou rendu tard) qui n'est pas terminée. Gardez-la, ou attendez la fin de la mesure.
refused-freeze-late = Une liste de tirage est en train d'être arrêtée. Attendez quelques minutes, et recommencez.
refused-entry-live = Cette demande est encore en cours. Retirez-la d'abord ; ensuite ses données peuvent être effacées.
refused-erasure-waits = Les données ne peuvent pas encore être effacées : une mesure, un message, un examen ou un tirage de cette demande n'est pas terminé, ou elle vient de finir. La personne peut les effacer 3 jours après la fin, un agent 15 jours après.
refused-entry-convoked = Un rendez-vous est donné à cette demande. Rendez-le ou annulez-le d'abord.
refused-identity-verified = L'identité de cette demande est déjà vérifiée. Il n'y a rien à faire.
refused-nothing-to-compare = Le registre des numéros n'a rien à comparer pour cette demande. Vérifiez l'identité avec un document.
refused-other-identity = L'identité donnée par FranceConnect n'est pas celle de cette demande. Si c'est bien votre demande, montrez votre document à un agent.
refused-relocation-proposed = Un changement de file est déjà proposé pour cette demande. Une deuxième personne doit d'abord l'approuver ou le rejeter.
refused-privilege-stands = Cette demande a déjà cette priorité ou cette étiquette, ou elle est déjà proposée.
refused-other-key = Le rendez-vous est nominatif : le nom n'est corrigé que si la personne montre ce qui a servi à vérifier son identité, et ce numéro n'est pas celui de la demande. Vérifiez ce que vous avez tapé. Si la personne n'a plus ce document, elle peut rendre le rendez-vous : la correction se fait ensuite, à deux agents, et la demande garde sa date.
refused-no-paper-key = Le rendez-vous est nominatif, et l'identité de cette personne n'a pas été vérifiée par un papier que l'on puisse comparer. Elle peut rendre le rendez-vous : la correction se fait ensuite, à deux agents, et la demande garde sa date.
refused-convocation-ended = Ce rendez-vous est déjà terminé, rendu ou annulé. Rechargez la page pour voir où en est la demande.
refused-no-convocation = Cette demande n'a pas de rendez-vous en cours. Rechargez la page pour voir où elle en est.
refused-second-person = Vous avez fait cette proposition : une autre personne doit l'approuver ou la rejeter. Vous pouvez la retirer.
refused-own-correction = Vous avez corrigé le nom ou la date de naissance de cette demande. Un autre agent doit voir le document et vérifier l'identité.
refused-not-author = Seule la personne qui a fait cette proposition peut la retirer. Vous pouvez la rejeter.
refused-proposal-approved = Cette proposition est déjà approuvée. Il n'y a plus rien à faire.
refused-proposal-rejected = Cette proposition a été rejetée. Faites-en une nouvelle si elle est encore utile.
refused-proposal-withdrawn = La personne qui a fait cette proposition l'a retirée.
refused-nothing-changes = Rien ne change : ces règles sont déjà en vigueur. Changez au moins une ligne.
refused-proposal-open = Une autre proposition est déjà ouverte. Faites-la approuver ou rejeter d'abord.
refused-draw-annulled = Ce tirage est déjà annulé.
refused-annulment-proposed = L'annulation de ce tirage est déjà proposée : une autre personne doit l'approuver.
refused-annulment-not-proposed = Personne n'a proposé d'annuler ce tirage. Proposez-le d'abord.
refused-slot-begun = L'heure de ce créneau est passée : on ne peut plus le retirer.
refused-slot-spent = Quelqu'un a déjà été reçu sur ce créneau.
refused-slot-lapsed = Ce créneau est trop proche : il n'est plus proposé à personne.
refused-slot-withdrawn = Ce créneau est déjà retiré.
refused-desk-busy = Le guichet a maintenant un autre créneau à cette heure. Rejetez cette publication, puis publiez de nouveau.
refused-publication-open = Une publication de cette file attend déjà une deuxième personne. Faites-la confirmer, ou retirez-la.
refused-publications-a-day = Trop de publications de cette file ont été proposées aujourd'hui. Réessayez demain.
refused-letter-done = Ce courrier est déjà parti, ou n'a plus lieu d'être. Rechargez la liste.
refused-tick-final = Le site a fermé depuis : ce pointage est définitif. Si c'est une erreur, la personne peut contester, et un collègue décidera.
refused-not-ticked = Rien n'est noté pour ce rendez-vous.
refused-own-tick = Vous avez noté cette absence : une autre personne doit décider de la contestation.
refused-objection-stands = Une contestation est déjà enregistrée. Un agent va décider.
refused-objection-decided = Un agent a déjà décidé de cette contestation.
refused-objection-late = Le délai pour contester ici est passé. Écrivez à la préfecture : une personne relira votre dossier.
refused-changed = Quelqu'un a changé cela entre-temps. Rechargez la page et recommencez.

error-search-reason = Motif de la recherche : choisissez-en un dans la liste.
error-search-empty = Recherche : remplissez une ligne (un numéro, un document, un téléphone, un courriel, ou un nom avec la date de naissance).
error-search-birth-date = Date de naissance : il la faut pour chercher par le nom. Trop de personnes ont le même.
refused-searches-an-hour = Vous avez fait beaucoup de recherches depuis une heure. Attendez un peu, ou demandez à un collègue.

error-password-short = Mot de passe : il a moins de 12 caractères. Prenez une phrase entière.
error-password-long = Mot de passe : il est trop long. Prenez au plus 1024 caractères.
error-password-guessable = Mot de passe : il se devine vite. Prenez plusieurs mots qui ne vont pas ensemble, sans votre identifiant.
error-password-again = Les deux mots de passe ne sont pas les mêmes. Tapez-les encore une fois.
error-code = Code : il n'est pas bon. Prenez celui que l'application montre maintenant, et vérifiez l'heure du téléphone.
error-staff-name = Prénom et nom : écrivez-les, de 2 à 120 caractères.
error-staff-role = Rôle : choisissez-en un.
error-staff-prefecture = Préfecture : choisissez-en une.
error-staff-phone = Téléphone portable : écrivez un numéro qui reçoit des SMS, en France ou outre-mer.
refused-link-spent = Ce lien ne sert plus : il a été utilisé, il est trop ancien, ou un autre l'a remplacé. Demandez-en un nouveau à un responsable.
error-old-password = Mot de passe : ce n'est pas le bon.
error-code-old = Code de l'ancienne application : il n'est pas bon, ou il a déjà servi. Attendez le suivant, ou prenez un code de secours.
error-code-now = Code : il n'est pas bon, ou il a déjà servi. Attendez le suivant, ou prenez un code de secours.
refused-code = Ce code n'est pas bon, ou il a déjà servi. Attendez le suivant.
refused-codes-spent = Trop de codes faux, ou trop de temps. Connectez-vous de nouveau avec votre mot de passe.
refused-old-password = Le mot de passe actuel n'est pas bon.
refused-no-phone = Ce compte n'a pas de téléphone. Un opérateur peut faire un lien : passage staff link.
refused-proconnect-taken = Cette identité ProConnect est déjà liée à un autre compte. Ouvrez cet autre compte et retirez-la, ou demandez à un responsable.
refused-link-not-sent = Le compte est enregistré, mais le lien n'est pas parti : la passerelle des SMS ne l'a pas pris. Envoyez un nouveau lien plus tard.

error-lost-contact = Téléphone ou courriel : écrivez celui que vous avez donné à l'inscription. Par exemple : 06 12 34 56 78.
error-contact-needed = Contact : donnez un téléphone portable qui reçoit des SMS, ou un courriel.
refused-code-wrong = Ce code n'est pas le bon. Vérifiez les chiffres.
refused-code-spent = Ce code ne sert plus : il a été utilisé, il a plus de 10 minutes, ou trop d'essais ont été faits. Recommencez.
refused-codes-an-hour = Plusieurs codes ont déjà été envoyés. Attendez une heure, ou demandez à un agent.
refused-contact-unreached = Aucun code ne peut être envoyé à votre contact actuel. Un agent peut le changer avec vous, au guichet ou par téléphone.

error-document-kind = Nature du document : choisissez-la.
error-document-expires = Valable jusqu'au : écrivez la date du document, comme 31/12/2027.
error-document-expires-missing = Valable jusqu'au : recopiez la date qui est sur le document.
error-document-zone-length = Bande de lecture : il manque des lettres ou une ligne. Recopiez les deux ou trois lignes en entier, avec les « < », ou remplissez le numéro, la nature et la date.
error-document-zone-digits = Bande de lecture : une lettre ou un chiffre n'est pas juste. Relisez-la, ou remplissez le numéro, la nature et la date.
error-document-zone-country = Bande de lecture : nous ne connaissons pas le pays « { $value } ». Remplissez le pays, le numéro, la nature et la date.
error-document-zone-number = Numéro du document : ce n'est pas celui de la bande de lecture. Effacez l'un des deux.
error-document-typed-person = Nom et date de naissance lus sur le document : ce sont ceux d'une autre personne que la demande. Vérifiez le document ; corrigez d'abord la demande si elle se trompe.
error-document-zone-person = Bande de lecture : son nom ou sa date de naissance sont d'une autre personne. Vérifiez le document ; corrigez d'abord la demande si elle se trompe.
error-document-number-again = Numéro du document : les deux ne sont pas les mêmes. Tapez-le encore une fois, document en main.
error-takeover-number = Numéro étranger : ce n'est pas celui de cette demande. Vérifiez le document, ou cherchez une autre demande.
error-takeover-birth-date = Date de naissance : ce n'est pas celle de cette demande. Vérifiez le document, ou cherchez une autre demande.
refused-birth-date-proved = Le fichier des numéros a vérifié cette date de naissance avec le numéro. Seul un document peut la changer : rendez la demande à la personne dont c'est le numéro.
